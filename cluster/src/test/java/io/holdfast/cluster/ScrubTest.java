package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.journal.JournalIndex;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes in one process that mend each other's files: real disks, real connections. */
class ScrubTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final SiteConfig.Upkeep UPKEEP =
      new SiteConfig.Upkeep(64 << 10, 1L << 30, 3_600_000);
  private static final int PAYMENTS = 100;

  @TempDir Path directory;

  private final Map<String, Site> sites = new TreeMap<>();
  private final List<HoldfastException> halted = new CopyOnWriteArrayList<>();
  private long nextId = 1_000;

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
    site("n1")
        .submit(
            Request.ofAccounts(
                List.of(
                    Account.opening(UInt128.of(1), 1, 1, 0),
                    Account.opening(UInt128.of(2), 1, 1, 0))),
            PATIENCE)
        .join();
    for (int i = 0; i < 20; i++) {
      pay();
    }
    await(() -> sites.keySet().stream().allMatch(node -> segments(node).size() > 3), "segments");
    await(this::allSynced, "all to be on disk");
  }

  @AfterEach
  void stop() throws InterruptedException {
    List<Thread> closing =
        sites.values().stream().map(site -> Thread.ofVirtual().start(site::close)).toList();
    for (Thread one : closing) {
      one.join();
    }
    assertThat(halted).isEmpty();
  }

  private boolean allSynced() {
    long op = sites.values().stream().mapToLong(site -> site.view().op()).max().orElseThrow();
    return sites.values().stream().allMatch(site -> site.journal().syncedOp() == op);
  }

  private void pay() {
    List<Transfer> payments = new ArrayList<>();
    for (int i = 0; i < PAYMENTS; i++) {
      payments.add(Transfer.payment(UInt128.of(nextId++), UInt128.of(1), UInt128.of(2), 1, 1, 1));
    }
    site("n1").submit(Request.ofTransfers(payments), PATIENCE).join();
  }

  private Site site(String node) {
    return Objects.requireNonNull(sites.get(node));
  }

  private Path home(String node) {
    return directory.resolve("site").resolve(node);
  }

  private void open(String node) {
    SiteConfig config =
        new SiteConfig(
            home(node),
            300,
            600,
            4,
            65_536,
            64 << 20,
            JournalIndex.GENERATION_WEIGHT,
            32,
            PeriodLength.MONTH,
            UPKEEP,
            null,
            0);
    sites.put(node, Site.start(config, new SystemClock(), halted::add));
  }

  private void close(String node) {
    Objects.requireNonNull(sites.remove(node)).close();
  }

  private List<Path> segments(String node) {
    try (Stream<Path> files = Files.list(home(node).resolve("journal"))) {
      return files.filter(file -> file.toString().endsWith(".segment")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] flip(Path file, long at) throws IOException {
    byte[] good = Files.readAllBytes(file);
    byte[] bytes = good.clone();
    bytes[(int) at] ^= 1;
    Files.write(file, bytes, StandardOpenOption.WRITE); // not cut off first: it may be mapped
    return good;
  }

  private ScrubStatus scrub(String node) {
    long pass = site(node).scrubNow();
    await(() -> site(node).scrub().passes() >= pass, "a pass");
    return site(node).scrub();
  }

  @Test
  void a_pass_reads_everything_and_finds_nothing_on_a_sound_disk() {
    ScrubStatus status = scrub("n2");
    assertThat(status.found()).isZero();
    assertThat(status.unmended()).isEmpty();
    assertThat(status.files()).isGreaterThan(segments("n2").size());
    long bytes = segments("n2").stream().mapToLong(file -> file.toFile().length()).sum();
    assertThat(status.bytes()).isBetween(bytes / 2, bytes * 2);
    assertThat(status.lastEndedMillis()).isPositive();
    assertThat(scrub("n2").passes()).isEqualTo(status.passes() + 1);
  }

  @Test
  void a_flipped_bit_of_a_running_node_is_mended_by_the_next_pass() throws IOException {
    Path file = segments("n2").get(1);
    byte[] good = flip(file, Files.size(file) / 3);
    ScrubStatus status = scrub("n2");
    assertThat(status.found()).isEqualTo(1);
    assertThat(status.mended()).isEqualTo(1);
    assertThat(status.findings().getFirst().file()).isEqualTo("journal/" + file.getFileName());
    assertThat(Files.readAllBytes(file)).isEqualTo(good);
    assertThat(site("n2").view().incidents()).isEmpty();
    assertThat(scrub("n2").found()).isEqualTo(1);
  }

  @Test
  void damage_that_nobody_can_mend_is_an_incident_until_somebody_can() throws IOException {
    Path file = segments("n2").getFirst();
    byte[] good = Files.readAllBytes(file);
    for (String node : sites.keySet()) {
      flip(segments(node).getFirst(), 5_000);
    }
    assertThat(scrub("n2").unmended()).hasSize(1);
    assertThat(site("n2").view().incidents())
        .hasSize(1)
        .allMatch(said -> said.startsWith("damaged-file: journal/" + file.getFileName()))
        .allMatch(said -> said.contains("damaged at n1, n3"));
    pay();
    Files.write(segments("n3").getFirst(), good);
    ScrubStatus status = scrub("n2");
    assertThat(status.unmended()).isEmpty();
    assertThat(status.found()).isEqualTo(1);
    assertThat(site("n2").view().incidents()).isEmpty();
    assertThat(Files.readAllBytes(file)).isEqualTo(good);
  }

  @Test
  void damage_in_the_segment_that_is_still_written_is_an_incident() throws IOException {
    Path open = segments("n2").getLast();
    byte[] good = flip(open, 400);
    assertFoundUntilPutBack("journal/" + open.getFileName(), open, good);
  }

  @Test
  void damage_in_the_log_of_consensus_is_an_incident() throws IOException {
    Path log = Engine.log(home("n2"), Genesis.read(home("n2")));
    assertThat(scrub("n2").found()).isZero();
    for (int i = 0; i < 10 && LogScan.closed(log).isEmpty(); i++) {
      String leader = Objects.requireNonNull(site("n2").view().leader());
      site(leader).handOver(null, PATIENCE).join(); // with a term a file of the log ends
      pay();
    }
    Path closed = LogScan.closed(log).getFirst().file();
    byte[] good = flip(closed, Files.size(closed) / 2);
    assertFoundUntilPutBack(home("n2").relativize(closed).toString(), closed, good);
  }

  private void assertFoundUntilPutBack(String name, Path file, byte[] good) throws IOException {
    assertThat(scrub("n2").unmended()).extracting(ScrubStatus.Finding::file).containsExactly(name);
    assertThat(site("n2").view().incidents())
        .anyMatch(said -> said.startsWith("damaged-file: " + name));
    Files.write(file, good);
    assertThat(scrub("n2").unmended()).isEmpty();
  }

  @Test
  void a_damaged_genesis_file_or_key_is_an_incident_and_goes_when_it_is_put_back()
      throws IOException {
    for (String name : List.of("genesis.json", "keys/data.key")) {
      Path file = home("n3").resolve(name);
      // The middle of the key file is a comment, its end a checksum.
      long at = name.endsWith(".key") ? Files.size(file) - 5 : Files.size(file) / 2;
      byte[] good = flip(file, at);
      scrub("n3");
      assertThat(site("n3").view().incidents())
          .as(name)
          .anyMatch(said -> said.startsWith("damaged-file: " + name));
      Files.write(file, good);
      scrub("n3");
      assertThat(site("n3").view().incidents()).isEmpty();
    }
  }

  @Test
  void a_node_that_finds_damage_at_start_gets_the_file_from_the_others() throws IOException {
    close("n3");
    Path sealed = segments("n3").get(1);
    byte[] goodSealed = flip(sealed, Files.size(sealed) - 20);
    Path last = segments("n3").getLast();
    flip(last, 400);

    open("n3");

    assertThat(Files.readAllBytes(sealed)).isEqualTo(goodSealed);
    assertThat(home("n3").resolve("journal/damaged")).isNotEmptyDirectory();
    pay();
    await(this::allSynced, "all to be on disk");
    assertThat(scrub("n3").found()).isZero();
    for (int i = 0; i < segments("n3").size(); i++) {
      assertThat(Files.readAllBytes(segments("n3").get(i)))
          .isEqualTo(Files.readAllBytes(segments("n1").get(i)));
    }
  }

  @Test
  void without_the_others_a_damaged_node_refuses_to_start() throws IOException {
    close("n1");
    close("n2");
    close("n3");
    Path sealed = segments("n3").get(1);
    byte[] good = flip(sealed, Files.size(sealed) - 20);
    assertThatThrownBy(() -> open("n3"))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("journal-damaged"));
    Files.write(sealed, good);
    open("n3");
  }

  private static void await(BooleanSupplier condition, String what) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("waited in vain for " + what);
      }
      LockSupport.parkNanos(2_000_000);
    }
  }
}
