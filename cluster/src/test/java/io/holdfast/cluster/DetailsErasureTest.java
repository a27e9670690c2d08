package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.DetailsKey;
import io.holdfast.journal.DetailsKeys;
import io.holdfast.journal.Entry;
import io.holdfast.journal.EntryKind;
import io.holdfast.journal.JournalReader;
import io.holdfast.journal.JournalVerifier;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.DetailsKeyName;
import io.holdfast.ledger.DetailsPeriod;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.SealedDetails;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferStatus;
import io.holdfast.ledger.TransferWithDetails;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Details are paid with, looked up and erased on three nodes in one process. */
class DetailsErasureTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final byte[] SECRET = "IBAN DE02 1203 ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OTHER = "IBAN FR14 2004 ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MAGIC = "HFSL".getBytes(StandardCharsets.US_ASCII);
  private static final DetailsPeriod ALL =
      new DetailsPeriod(PeriodLength.YEAR.of(new SystemClock().wallNanos()).code());

  @TempDir Path directory;

  private final Map<String, Site> sites = new TreeMap<>();
  private final List<HoldfastException> halted = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws IOException {
    List<SiteInit.NodePlan> plans = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      plans.add(
          new SiteInit.NodePlan(
              new Member("n" + i, "127.0.0.1", FreePort.pick()), List.of(), Map.of()));
    }
    SiteInit.create(directory.resolve("site"), "paris", plans, new SystemClock());
    for (String node : List.of("n1", "n2", "n3")) {
      open(node);
    }
    await(() -> sites.values().stream().allMatch(site -> site.view().leaderReady()), "a leader");
    List<Account> accounts =
        List.of(Account.opening(UInt128.of(1), 1, 1, 0), Account.opening(UInt128.of(2), 1, 1, 0));
    site("n1").submit(Request.ofAccounts(accounts), PATIENCE).join();
  }

  @AfterEach
  void stop() throws InterruptedException {
    closeAll();
    assertThat(halted).isEmpty();
  }

  @Test
  void erased_details_are_gone_from_every_node_and_from_everything_on_its_disk() throws Exception {
    assertThat(pay("n1", 100, SECRET)).isEqualTo(TransferStatus.CREATED);
    assertThat(pay("n2", 101, SECRET)).isEqualTo(TransferStatus.CREATED);
    assertThat(pay("n3", 102, new byte[0])).isEqualTo(TransferStatus.CREATED);
    assertThat(pay("n2", 100, SECRET)).isEqualTo(TransferStatus.EXISTS);
    assertThat(pay("n3", 100, OTHER)).isEqualTo(TransferStatus.EXISTS_WITH_DIFFERENT_DETAILS);
    for (String node : sites.keySet()) {
      awaitKeys(node);
      assertThat(lookUp(node, 100).details()).isEqualTo(SECRET);
    }
    List<byte[]> keys = new ArrayList<>();
    for (String node : List.of("n1", "n2", "n3")) {
      heldKeys(node).forEach(key -> keys.add(key.bytes()));
    }
    assertThat(keys).hasSizeGreaterThanOrEqualTo(3);

    ErasedDetails erased = site("n2").eraseDetails(ALL, PATIENCE).join();

    assertThat(erased.transfers()).isEqualTo(2);
    assertThat(erased.erasedOn()).containsExactlyInAnyOrder("n1", "n2", "n3");
    assertThat(erased.pendingOn()).isEmpty();
    for (String node : sites.keySet()) {
      assertThat(names(node)).as("files of keys on %s when the answer came", node).isEmpty();
    }
    for (String node : sites.keySet()) {
      assertThat(lookUp(node, 100).detailsErased()).isTrue();
      assertThat(lookUp(node, 100).details()).isEmpty();
      assertThat(lookUp(node, 102).detailsErased()).as("it never had any").isFalse();
    }
    assertThat(pay("n1", 100, SECRET)).as("a retry").isEqualTo(TransferStatus.EXISTS);
    assertThat(pay("n1", 103, OTHER)).isEqualTo(TransferStatus.CREATED);
    assertThat(lookUp("n3", 103).details()).as("what came later stays").isEqualTo(OTHER);
    assertThat(site("n1").eraseDetails(new DetailsPeriod(1999), PATIENCE))
        .failsWithin(PATIENCE)
        .withThrowableOfType(Exception.class)
        .withStackTraceContaining("no details came in 1999");
    assertSameDigests();
    closeAll();

    for (String node : List.of("n1", "n2", "n3")) {
      assertThat(segments(node)).isEqualTo(segments("n1"));
      assertThat(opened(node)).as("what the data key opens on %s", node).isNotEmpty();
      for (byte[] content : opened(node)) {
        assertThat(contains(content, SECRET)).as("details in clear on %s", node).isFalse();
      }
      for (byte[] content : files(node)) {
        assertThat(keys).noneMatch(key -> contains(content, key));
      }
      assertThat(openable(node, 100)).as("details that a key file opens on %s", node).isZero();
      assertThat(openable(node, 103)).as("the attempt itself works").isPositive();
    }
    for (String node : List.of("n1", "n2", "n3")) {
      open(node);
    }
    await(() -> sites.values().stream().allMatch(site -> site.view().leaderReady()), "a leader");
    assertThat(lookUp("n3", 100).detailsErased()).isTrue();
    assertThat(lookUp("n3", 103).details()).isEqualTo(OTHER);
    assertSameDigests();
  }

  @Test
  void a_node_that_was_down_erases_when_it_is_back() throws Exception {
    pay("n1", 100, SECRET);
    for (String node : sites.keySet()) {
      awaitKeys(node);
    }
    Objects.requireNonNull(sites.remove("n3")).close();
    assertThat(heldKeys("n3")).isNotEmpty();
    await(() -> sites.values().stream().allMatch(site -> site.view().leaderReady()), "a leader");

    ErasedDetails erased = site("n1").eraseDetails(ALL, PATIENCE).join();
    assertThat(erased.pendingOn()).containsExactly("n3");
    assertThat(pay("n1", 104, OTHER)).isEqualTo(TransferStatus.CREATED);

    open("n3");
    await(() -> lookUpStale("n3", 100).detailsErased(), "the destruction on n3");
    await(() -> names("n3").size() == 1, "the file gone, the new key fetched");
    assertThat(lookUp("n3", 104).details()).isEqualTo(OTHER);
    assertThat(site("n3").eraseDetails(ALL, PATIENCE).join().keys()).isEqualTo(2);
    assertSameDigests();
  }

  @Test
  void a_key_that_was_put_back_after_its_destruction_is_erased_at_start() throws Exception {
    pay("n1", 100, SECRET);
    await(() -> !site("n1").detailsKeys().isEmpty() && !names("n1").isEmpty(), "the key");
    Path copy = directory.resolve("copy");
    Path file = keyFiles("n1").getFirst();
    Files.copy(file, copy);
    site("n2").eraseDetails(ALL, PATIENCE).join();
    await(() -> names("n1").isEmpty(), "the destruction on n1");
    Objects.requireNonNull(sites.remove("n1")).close();
    Files.copy(copy, file);

    open("n1");

    assertThat(file).doesNotExist();
    await(() -> lookUpStale("n1", 100).detailsErased(), "the look-up");
  }

  /** Waits until a node knows that there are keys, and has all of them. */
  private void awaitKeys(String node) {
    await(
        () -> {
          List<DetailsKeyView> keys = site(node).detailsKeys();
          return !keys.isEmpty() && keys.stream().allMatch(DetailsKeyView::held);
        },
        "the key on " + node);
  }

  /** How many sealed details of a transfer the keys in a node's files open. */
  private long openable(String node, long id) throws IOException {
    long count = 0;
    List<DetailsKey> keys = heldKeys(node);
    for (byte[] content : opened(node)) {
      for (int at = 0; at + SealedDetails.HEAD_BYTES + OTHER.length <= content.length; at++) {
        byte[] candidate = new byte[SealedDetails.HEAD_BYTES + OTHER.length];
        System.arraycopy(content, at, candidate, 0, candidate.length);
        ByteBuffer name = ByteBuffer.wrap(candidate).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        int period = name.getInt();
        long fingerprint = name.getLong();
        for (DetailsKey key : keys) {
          if (key.name().equals(new DetailsKeyName(new DetailsPeriod(period), fingerprint))
              && key.cipher().open(0, id, candidate) != null) {
            count++;
          }
        }
      }
    }
    return count;
  }

  /** All that the data key opens of a node's journal and of its log of consensus. */
  private List<byte[]> opened(String node) throws IOException {
    DataKey dataKey = dataKey(node);
    List<byte[]> contents = new ArrayList<>();
    boolean destruction = false;
    List<Path> segments =
        JournalVerifier.segments(SystemDisk.INSTANCE, home(node).resolve("journal"));
    try (JournalReader reader = JournalReader.of(SystemDisk.INSTANCE, segments, dataKey, 1)) {
      for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
        contents.add(entry.memory().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
        destruction |= entry.kind() == EntryKind.DESTRUCTION;
      }
    }
    assertThat(destruction).as("the destruction is journalled").isTrue();
    int before = contents.size();
    Opener opener = new Opener(dataKey, Genesis.read(home(node)).ledgerId());
    for (byte[] file : files(node)) {
      for (int at = 4; at + MAGIC.length < file.length; at++) {
        if (file[at] == MAGIC[0] && startsWith(file, at, MAGIC)) {
          byte[] payload = payload(opener, file, at);
          if (payload != null) {
            contents.add(payload);
          }
        }
      }
    }
    assertThat(contents).as("the log is opened too").hasSizeGreaterThan(before);
    return contents;
  }

  /** The payload whose length is the varint before it; null when there is none. */
  private static byte @org.jspecify.annotations.Nullable [] payload(
      Opener opener, byte[] file, int at) {
    for (int digits = 1; digits <= 4; digits++) {
      int length = 0;
      for (int i = digits; i >= 1; i--) {
        length |= (file[at - i] & 0x7F) << (7 * (digits - i));
      }
      if (length < Seal.OVERHEAD_BYTES || at + length > file.length) {
        continue;
      }
      try {
        byte[] plain = new byte[Limits.BATCH_BYTES_MAX];
        int bytes = opener.open(ByteBuffer.wrap(file, at, length).slice(), plain);
        return java.util.Arrays.copyOf(plain, bytes);
      } catch (HoldfastException e) {
        assertThat(e.code()).isEqualTo("sealed-payload-damaged"); // not its length
      }
    }
    return null;
  }

  private static boolean contains(byte[] content, byte[] part) {
    for (int at = 0; at + part.length <= content.length; at++) {
      if (content[at] == part[0] && startsWith(content, at, part)) {
        return true;
      }
    }
    return false;
  }

  private static boolean startsWith(byte[] content, int at, byte[] part) {
    return java.util.Arrays.equals(content, at, at + part.length, part, 0, part.length);
  }

  private List<byte[]> files(String node) throws IOException {
    List<byte[]> contents = new ArrayList<>();
    try (Stream<Path> files = Files.walk(home(node))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.add(Files.readAllBytes(file));
      }
    }
    return contents;
  }

  private Map<String, ByteBuffer> segments(String node) throws IOException {
    Map<String, ByteBuffer> segments = new TreeMap<>();
    try (Stream<Path> files = Files.list(home(node).resolve("journal"))) {
      for (Path file : files.toList()) {
        segments.put(file.getFileName().toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
      }
    }
    return segments;
  }

  private List<DetailsKey> heldKeys(String node) {
    Path keys = home(node).resolve("keys").resolve("details");
    DetailsKeys held = DetailsKeys.open(SystemDisk.INSTANCE, keys, dataKey(node));
    return held.names().stream().map(held::find).map(Objects::requireNonNull).toList();
  }

  private List<String> names(String node) {
    return keyFiles(node).stream().map(file -> file.getFileName().toString()).toList();
  }

  private List<Path> keyFiles(String node) {
    try (Stream<Path> files = Files.list(home(node).resolve("keys").resolve("details"))) {
      return files.filter(file -> file.toString().endsWith(".key")).toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private DataKey dataKey(String node) {
    return DataKey.read(home(node).resolve("keys").resolve(DataKey.FILE));
  }

  private Path home(String node) {
    return directory.resolve("site").resolve(node);
  }

  private TransferStatus pay(String node, long id, byte[] details) {
    Transfer payment = Transfer.payment(UInt128.of(id), UInt128.of(1), UInt128.of(2), 10, 1, 1);
    Request request = Request.ofTransfers(List.of(payment), List.of(details));
    Reply reply = site(node).submit(request, PATIENCE).join();
    return reply.transferStatus(0);
  }

  /** Asks again while nobody leads, as an application would. */
  private TransferWithDetails lookUp(String node, long id) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return site(node)
            .read(true, PATIENCE, q -> q.transfersWithDetails(List.of(UInt128.of(id))).getFirst())
            .join()
            .value();
      } catch (CompletionException e) {
        boolean later =
            e.getCause() instanceof HoldfastException coded && coded.code().equals("unavailable");
        if (!later || System.nanoTime() > until) {
          throw e;
        }
      }
    }
  }

  private TransferWithDetails lookUpStale(String node, long id) {
    return site(node)
        .read(false, PATIENCE, q -> q.transfersWithDetails(List.of(UInt128.of(id))).getFirst())
        .join()
        .value();
  }

  private void assertSameDigests() {
    long op = sites.values().stream().mapToLong(site -> site.view().op()).max().orElseThrow();
    List<StateDigest> digests =
        sites.values().stream().map(site -> site.digest(op, PATIENCE).join()).toList();
    assertThat(digests).containsOnly(digests.getFirst());
  }

  private Site site(String node) {
    return Objects.requireNonNull(sites.get(node));
  }

  private void open(String node) {
    SiteConfig config = new SiteConfig(home(node), 300, 600, 4, 65_536, 64 << 20);
    sites.put(node, Site.start(config, new SystemClock(), halted::add));
  }

  private void closeAll() throws InterruptedException {
    List<Thread> closing =
        sites.values().stream().map(site -> Thread.ofVirtual().start(site::close)).toList();
    for (Thread one : closing) {
      one.join();
    }
    sites.clear();
  }

  private static void await(BooleanSupplier condition, String what) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting for " + what).isLessThan(until);
      Thread.onSpinWait();
    }
  }
}
