package io.holdfast.vault;

import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.BackupManifest.CheckpointRef;
import io.holdfast.vault.BackupManifest.KeyRef;
import io.holdfast.vault.BackupManifest.PieceRef;
import io.holdfast.vault.BackupManifest.Segment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Copies one backup from a vault to another: each object is opened and sealed anew under the
 * other's keys, and gets the name that it has there, unless it is there already. The manifest comes
 * last. For one thread; others read and send for it.
 */
final class BackupCopy {
  private final Vault from;
  private final Vault to;
  private final Sender sender;
  private final Telling telling;
  private final int atOnce;
  private final AtomicLong doneBytes = new AtomicLong();
  private long allBytes;

  BackupCopy(Vault from, Vault to, int atOnce, Telling telling) {
    this.from = from;
    this.to = to;
    this.sender = new Sender(to);
    this.atOnce = atOnce;
    this.telling = telling;
  }

  /** Copies what a manifest names; gives the manifest as it is there, not yet published. */
  BackupManifest copy(BackupManifest manifest, BackupManifest.Kind kind, Clock clock)
      throws IOException {
    long began = clock.monotonicNanos();
    allBytes = manifest.segments().stream().mapToLong(Segment::sizeBytes).sum();
    List<Segment> segments = new ArrayList<>();
    for (Segment segment : manifest.segments()) {
      segments.add(segment(segment));
    }
    List<CheckpointRef> checkpoints = new ArrayList<>();
    for (CheckpointRef checkpoint : manifest.checkpoints()) {
      checkpoints.add(checkpoint(checkpoint));
    }
    List<KeyRef> keys = keys(manifest);
    List<String> before =
        Manifests.all(to).backups().stream()
            .filter(named -> named.manifest().ledgerId().equals(manifest.ledgerId()))
            .map(Manifests.Named::name)
            .toList();
    return new BackupManifest(
        manifest.format(),
        manifest.takenAt(),
        kind,
        before,
        manifest.site(),
        manifest.node(),
        manifest.ledgerId(),
        manifest.dataKeyId(),
        manifest.lineage(),
        manifest.lastOp(),
        manifest.lastTime(),
        manifest.chain(),
        segments,
        checkpoints,
        keys,
        manifest.erasures(),
        manifest.sourceBytes(),
        sender.sentBytes(),
        (clock.monotonicNanos() - began) / 1_000_000);
  }

  private Segment segment(Segment segment) throws IOException {
    try (InFlight<PieceRef> copying = new InFlight<>("holdfast-copy-", atOnce)) {
      for (PieceRef piece : segment.pieces()) {
        copying.submit(() -> piece(piece));
      }
      return new Segment(
          segment.head(),
          segment.firstOp(),
          segment.lastOp(),
          segment.firstTime(),
          segment.lastTime(),
          segment.sizeBytes(),
          segment.sealed(),
          copying.finish());
    }
  }

  private PieceRef piece(PieceRef piece) {
    byte[] identity = HexFormat.of().parseHex(piece.sha256());
    Sender.Sent sent = send(ObjectKind.PIECE, identity, piece.object());
    telling.progress("journal", doneBytes.addAndGet(piece.sizeBytes()), allBytes);
    return new PieceRef(
        piece.offset(),
        piece.sizeBytes(),
        piece.firstOp(),
        piece.lastOp(),
        piece.firstTime(),
        piece.lastTime(),
        piece.sha256(),
        piece.chain(),
        sent.name(),
        sent.sizeBytes());
  }

  /** Copies an object; one that is there under its name is not even read. */
  private Sender.Sent send(ObjectKind kind, byte[] identity, String object) {
    String name = to.keys().objectName(kind, identity);
    return sender.isThere(name)
        ? sender.send(kind, identity, new byte[0])
        : sender.send(kind, identity, from.load(object));
  }

  private CheckpointRef checkpoint(CheckpointRef ref) throws IOException {
    byte[] root = HexFormat.of().parseHex(ref.root());
    String name = to.keys().objectName(ObjectKind.PAGE_MAP, root);
    PageMap there;
    if (sender.isThere(name)) {
      there = PageMap.parse(to.load(name));
    } else {
      there = pages(PageMap.parse(from.load(ref.map())));
      if (sender.send(ObjectKind.PAGE_MAP, root, there.encode()).wasThere()) {
        there = PageMap.parse(to.load(name));
      }
    }
    return new CheckpointRef(
        ref.op(), ref.root(), name, there.objects(), ref.transfers(), ref.sizeBytes());
  }

  private PageMap pages(PageMap map) throws IOException {
    try (InFlight<String> copying = new InFlight<>("holdfast-copy-", atOnce)) {
      for (String object : map.objects()) {
        copying.submit(
            () -> {
              byte[] content = from.load(object);
              return sender.send(ObjectKind.PAGES, Digests.of(content), content).name();
            });
      }
      return new PageMap(
          map.frame(), copying.finish(), map.digests(), map.objectOf(), map.placeOf());
    }
  }

  private List<KeyRef> keys(BackupManifest manifest) {
    Map<String, KeyRef> keys = new HashMap<>();
    for (KeyRef key : manifest.keys()) {
      boolean data = key.name().equals(BackupKeys.DATA);
      byte[] identity =
          data
              ? HexFormat.of().parseHex(manifest.dataKeyId())
              : key.name().getBytes(StandardCharsets.US_ASCII);
      try {
        Sender.Sent sent =
            send(data ? ObjectKind.DATA_KEY : ObjectKind.DETAILS_KEY, identity, key.object());
        keys.put(key.name(), new KeyRef(key.name(), sent.name()));
      } catch (HoldfastException e) {
        if (data || !e.code().equals("object-missing")) {
          throw e;
        }
        // A key of details that was destroyed since: it must not come back.
      }
    }
    return List.copyOf(keys.values());
  }
}
