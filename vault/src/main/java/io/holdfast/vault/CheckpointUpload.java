package io.holdfast.vault;

import io.holdfast.journal.CheckpointPages;
import io.holdfast.vault.BackupManifest.CheckpointRef;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends a checkpoint: those of its pages that no earlier one has, and a map of all. For one thread;
 * several objects are on their way at once.
 */
final class CheckpointUpload {
  private static final int PAGE_BYTES = CheckpointPages.PAGE_BYTES;

  private final Vault vault;
  private final Sender sender;
  private final LongConsumer read;
  private final int atOnce;
  private final KnownPages known = new KnownPages();

  CheckpointUpload(Vault vault, Sender sender, LongConsumer read, int atOnce) {
    this.vault = vault;
    this.sender = sender;
    this.read = read;
    this.atOnce = atOnce;
  }

  /** Takes in where the pages of an earlier checkpoint lie, as far as they are there. */
  void know(PageMap map) {
    boolean[] there = new boolean[map.objects().size()];
    for (int i = 0; i < there.length; i++) {
      there[i] = sender.isThere(map.objects().get(i));
    }
    for (int page = 0; page < map.pages(); page++) {
      if (there[map.objectOf()[page]]) {
        var _ = known.add(map.digest(page), map.object(page), map.place(page));
      }
    }
  }

  /**
   * Sends a checkpoint, unless it is there; finds on the way whether its pages give its root.
   *
   * @return null when the repository has its map, but not all pages that this names
   */
  @Nullable CheckpointRef send(CheckpointPages checkpoint) throws IOException {
    byte[] root = HexFormat.of().parseHex(checkpoint.root());
    String map = vault.keys().objectName(ObjectKind.PAGE_MAP, root);
    if (!sender.isThere(map)) {
      PageMap made = sendPages(checkpoint);
      Sender.Sent stored = sender.send(ObjectKind.PAGE_MAP, root, made.encode());
      if (!stored.wasThere()) {
        return ref(checkpoint, map, made);
      }
    }
    // Who stored it first may have put the same pages elsewhere: what the map says counts.
    PageMap there = PageMap.parse(vault.load(map));
    return there.objects().stream().allMatch(sender::isThere) ? ref(checkpoint, map, there) : null;
  }

  private static CheckpointRef ref(CheckpointPages checkpoint, String name, PageMap map) {
    return new CheckpointRef(
        checkpoint.op(),
        checkpoint.root(),
        name,
        map.objects(),
        checkpoint.transfers(),
        (long) checkpoint.pages() * PAGE_BYTES);
  }

  private PageMap sendPages(CheckpointPages checkpoint) throws IOException {
    int pages = checkpoint.pages();
    Draft map = new Draft(pages);
    try (InFlight<Sender.Sent> sending = new InFlight<>("holdfast-backup-pages-", atOnce)) {
      Batch batch = new Batch();
      byte[] page = new byte[PAGE_BYTES];
      MessageDigest sha256 = Digests.sha256();
      for (int number = 0; checkpoint.next(page); number++) {
        byte[] digest = sha256.digest(page);
        int found = known.find(digest);
        map.put(number, digest, found >= 0 ? found : known.add(digest, batch.key, batch.count));
        if (found < 0) {
          batch.add(page);
        }
        if (batch.count == PageMap.OBJECT_PAGES_MAX) {
          map.batches.add(batch.key);
          submit(sending, batch);
          batch = batch.next();
        }
        read.accept(PAGE_BYTES);
      }
      if (batch.count > 0) {
        map.batches.add(batch.key);
        submit(sending, batch);
      }
      return map.whole(checkpoint.frame(), known, sending.finish());
    }
  }

  private void submit(InFlight<Sender.Sent> sending, Batch batch) throws IOException {
    byte[] content = Arrays.copyOf(batch.content, batch.count * PAGE_BYTES);
    sending.submit(() -> sender.send(ObjectKind.PAGES, Digests.of(content), content));
  }

  /** New pages that become one object, which has a name only when it is full. */
  private static final class Batch {
    private final String key;
    private final int number;
    private final byte[] content = new byte[PageMap.OBJECT_PAGES_MAX * PAGE_BYTES];
    private int count;

    Batch() {
      this(0);
    }

    private Batch(int number) {
      this.number = number;
      this.key = "new " + number;
    }

    Batch next() {
      return new Batch(number + 1);
    }

    void add(byte[] page) {
      System.arraycopy(page, 0, content, count * PAGE_BYTES, PAGE_BYTES);
      count++;
    }
  }

  /** The map while objects are still without names. */
  private static final class Draft {
    private final byte[] digests;
    private final int[] pages;
    private final List<String> batches = new ArrayList<>();

    Draft(int count) {
      digests = new byte[count * PageMap.DIGEST_BYTES];
      pages = new int[count];
    }

    void put(int number, byte[] digest, int page) {
      System.arraycopy(digest, 0, digests, number * PageMap.DIGEST_BYTES, PageMap.DIGEST_BYTES);
      pages[number] = page;
    }

    PageMap whole(byte[] frame, KnownPages known, List<Sender.Sent> sent) {
      Map<String, String> names = new HashMap<>();
      for (int i = 0; i < sent.size(); i++) {
        names.put(batches.get(i), sent.get(i).name());
      }
      Map<String, Integer> numbers = new HashMap<>();
      SequencedSet<String> objects = new LinkedHashSet<>();
      int[] objectOf = new int[pages.length];
      int[] placeOf = new int[pages.length];
      for (int i = 0; i < pages.length; i++) {
        String object = known.object(pages[i]);
        String name = names.getOrDefault(object, object);
        objects.add(name);
        objectOf[i] = numbers.computeIfAbsent(name, _ -> objects.size() - 1);
        placeOf[i] = known.place(pages[i]);
      }
      return new PageMap(frame, List.copyOf(objects), digests, objectOf, placeOf);
    }
  }
}
