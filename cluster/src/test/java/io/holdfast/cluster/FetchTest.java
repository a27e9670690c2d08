package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.journal.FileCheck;
import io.holdfast.journal.FileKind;
import io.holdfast.journal.FileListing;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.StoredFile;
import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.testkit.HostileDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a directory lacks comes from other nodes' journals; these are real, the calls are not. */
class FetchTest {
  private static final long OPS = 200;
  private static final long FAST = 1L << 40;

  @TempDir Path directory;
  private SmallJournal first;
  private SmallJournal second;
  private final List<FetchProgress> progress = new ArrayList<>();

  @BeforeEach
  void start() {
    first = new SmallJournal(directory.resolve("n1"), "n1").run(OPS);
    second = new SmallJournal(directory.resolve("n2"), "n2").run(OPS);
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
  }

  /** A source that does what a test wants before, or instead of, what another does. */
  private static class Passing implements FileSource {
    final FileSource to;
    final Map<String, AtomicLong> served = new ConcurrentHashMap<>();

    Passing(FileSource to) {
      this.to = to;
    }

    long served() {
      return served.values().stream().mapToLong(AtomicLong::get).sum();
    }

    @Override
    public String name() {
      return to.name();
    }

    @Override
    public FileListing list() {
      return to.list();
    }

    @Override
    public FileListing list(FileKind kind, String name) {
      return to.list(kind, name);
    }

    @Override
    public byte[] read(FileKind kind, String name, long offset, int length) {
      byte[] bytes = to.read(kind, name, offset, length);
      served.computeIfAbsent(name, n -> new AtomicLong()).addAndGet(bytes.length);
      return bytes;
    }
  }

  private Fetch fetch(Disk disk, JournalPlaces places, int streams) {
    return new Fetch(
        disk,
        places,
        new FileCheck(disk, places, SmallJournal.KEY, SmallJournal.LEDGER_ID),
        SmallJournal.LEDGER_ID.toHex(),
        streams,
        FAST,
        made -> {
          synchronized (progress) {
            progress.add(made);
          }
        });
  }

  private Fetch fetch(String node) {
    return fetch(SystemDisk.INSTANCE, JournalPlaces.in(directory.resolve(node)), 3);
  }

  private static Map<String, byte[]> content(Disk disk, JournalPlaces places) throws IOException {
    Map<String, byte[]> content = new TreeMap<>();
    for (FileKind kind : FileKind.values()) {
      for (Path file : disk.list(places.directory(kind))) {
        if (kind.isName(file.getFileName().toString())) {
          content.put(file.getFileName().toString(), bytes(disk, file));
        }
      }
    }
    return content;
  }

  private static byte[] bytes(Disk disk, Path file) throws IOException {
    try (DiskFile in = disk.openForReading(file)) {
      byte[] bytes = new byte[(int) in.sizeBytes()];
      in.read(ByteBuffer.wrap(bytes), 0);
      return bytes;
    }
  }

  private void assertSame(Disk disk, JournalPlaces places) throws IOException {
    Map<String, byte[]> original = content(SystemDisk.INSTANCE, first.places);
    Map<String, byte[]> copy = content(disk, places);
    assertThat(copy.keySet()).isEqualTo(original.keySet());
    original.forEach((name, bytes) -> assertThat(copy.get(name)).as(name).isEqualTo(bytes));
  }

  private static Map<FileKind, Long> kinds(FileListing listing) {
    return listing.files().stream()
        .collect(Collectors.groupingBy(StoredFile::kind, Collectors.counting()));
  }

  @Test
  void an_empty_directory_gets_every_kind_of_file_and_a_node_starts_from_it() throws IOException {
    assertThat(kinds(first.list()))
        .hasEntrySatisfying(FileKind.SEGMENT, n -> assertThat(n).isGreaterThan(10))
        .hasEntrySatisfying(FileKind.RUN, n -> assertThat(n).isGreaterThan(2))
        .hasEntrySatisfying(FileKind.CHECKPOINT, n -> assertThat(n).isEqualTo(2));
    assertThat(first.list()).as("nodes with the same ops").isEqualTo(second.list());

    Fetch fetch = fetch("n3");
    Fetch.Round round = fetch.round(List.of(first, second));
    assertThat(round.complaints()).isEmpty();
    assertThat(round.files()).isEqualTo(first.list().files().size());
    assertThat(round.durableOp()).isEqualTo(OPS);
    assertThat(fetch.round(List.of(first, second)).foundNothingNew()).isTrue();
    fetch.finish(fetch.reach());

    assertSame(SystemDisk.INSTANCE, JournalPlaces.in(directory.resolve("n3")));
    try (SmallJournal third = new SmallJournal(directory.resolve("n3"), "n3")) {
      assertThat(third.ledger.op()).isEqualTo(OPS);
      assertThat(third.ledger.digest()).isEqualTo(first.ledger.digest());
      third.run(OPS + 50);
      first.run(OPS + 50);
      assertThat(third.ledger.digest()).isEqualTo(first.ledger.digest());
    }
  }

  @Test
  void files_come_from_all_sources_and_progress_is_told() {
    Passing a = new Passing(first);
    Passing b = new Passing(second);
    Fetch.Round round = fetch("n3").round(List.of(a, b));
    assertThat(a.served()).isPositive();
    assertThat(b.served()).isPositive();
    assertThat(a.served() + b.served()).isEqualTo(round.bytes());
    assertThat(progress.stream().mapToLong(FetchProgress::doneBytes).max().orElseThrow())
        .isEqualTo(round.bytes());
    assertThat(progress).allMatch(made -> made.totalBytes() == round.bytes());
  }

  @Test
  void a_second_round_gets_only_what_is_new_and_goes_on_with_the_segment_that_grew()
      throws IOException {
    Fetch fetch = fetch("n3");
    fetch.round(List.of(first));
    long before = size(first.places.segments());
    StoredFile open = first.list().files().getLast();
    assertThat(open.complete()).isFalse();

    first.run(OPS + 1);
    Passing again = new Passing(first);
    Fetch.Round round = fetch.round(List.of(again));

    assertThat(again.served()).isEqualTo(size(first.places.segments()) - before);
    assertThat(round.files()).isBetween(1, 2);
    assertSame(SystemDisk.INSTANCE, JournalPlaces.in(directory.resolve("n3")));
  }

  private static long size(Path place) throws IOException {
    long size = 0;
    for (Path file : SystemDisk.INSTANCE.list(place)) {
      size += Files.size(file);
    }
    return size;
  }

  @Test
  void wrong_bytes_of_one_source_are_named_and_had_from_another() throws IOException {
    Passing lying =
        new Passing(first) {
          @Override
          public byte[] read(FileKind kind, String name, long offset, int length) {
            byte[] bytes = super.read(kind, name, offset, length).clone();
            bytes[bytes.length / 2] ^= 4;
            return bytes;
          }
        };
    Fetch.Round round = fetch("n3").round(List.of(lying, second));
    assertThat(round.unfinished()).isZero();
    assertThat(round.complaints()).isNotEmpty().allMatch(said -> said.contains("n1: its bytes"));
    assertSame(SystemDisk.INSTANCE, JournalPlaces.in(directory.resolve("n3")));

    Fetch.Round alone = fetch("n4").round(List.of(lying));
    assertThat(alone.files()).as("negative control: nothing wrong is kept").isZero();
    assertThat(alone.unfinished()).isEqualTo(first.list().files().size());
    assertThat(content(SystemDisk.INSTANCE, JournalPlaces.in(directory.resolve("n4")))).isEmpty();
  }

  @Test
  void a_source_whose_disk_is_damaged_is_named_though_its_digest_fits_its_bytes()
      throws IOException {
    for (FileKind kind : FileKind.values()) {
      StoredFile file =
          first.list().files().stream().filter(f -> f.kind() == kind).findFirst().orElseThrow();
      flip(first.places.file(kind, file.name()), file.sizeBytes() / 2);
      first.journal.files().digests().forget(first.places.file(kind, file.name()));
    }
    Fetch.Round round = fetch("n3").round(List.of(first, second));
    assertThat(round.unfinished()).isZero();
    assertThat(round.complaints())
        .hasSizeLessThanOrEqualTo(3)
        .allMatch(said -> said.contains("damaged at n1"));
    JournalPlaces places = JournalPlaces.in(directory.resolve("n3"));
    assertThat(content(SystemDisk.INSTANCE, places).entrySet())
        .allSatisfy(
            file ->
                assertThat(file.getValue())
                    .isEqualTo(content(SystemDisk.INSTANCE, second.places).get(file.getKey())));

    Fetch.Round alone = fetch("n4").round(List.of(first));
    assertThat(alone.complaints()).hasSize(3).allMatch(said -> said.contains("damaged at n1"));
    assertThat(alone.unfinished()).isEqualTo(3);
  }

  private static void flip(Path file, long at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) at] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void a_file_that_vanished_is_left_to_another_round() {
    Set<String> gone = ConcurrentHashMap.newKeySet();
    Passing forgetful =
        new Passing(first) {
          @Override
          public byte[] read(FileKind kind, String name, long offset, int length) {
            if (kind == FileKind.RUN && gone.isEmpty()) {
              gone.add(name);
              throw new HoldfastException("no-such-file", "it is not here", "");
            }
            return super.read(kind, name, offset, length);
          }
        };
    Fetch fetch = fetch("n3");
    Fetch.Round round = fetch.round(List.of(forgetful));
    assertThat(round.complaints()).isEmpty();
    assertThat(round.unfinished()).isEqualTo(1);
    assertThat(fetch.round(List.of(forgetful)).files()).isEqualTo(1);
    assertThat(fetch.round(List.of(forgetful)).foundNothingNew()).isTrue();
  }

  @Test
  void when_a_source_stops_answering_the_others_finish_what_it_began() throws IOException {
    AtomicLong calls = new AtomicLong();
    Passing dying =
        new Passing(first) {
          @Override
          public byte[] read(FileKind kind, String name, long offset, int length) {
            if (calls.incrementAndGet() > 5) {
              throw new HoldfastException("peer-unavailable", "n1 gives no files", "");
            }
            return super.read(kind, name, offset, length);
          }
        };
    Fetch.Round round = fetch("n3").round(List.of(dying, second));
    assertThat(round.unfinished()).isZero();
    assertSame(SystemDisk.INSTANCE, JournalPlaces.in(directory.resolve("n3")));
  }

  @Test
  void sources_of_another_ledger_give_nothing() {
    FileListing own = first.list();
    Passing stranger =
        new Passing(first) {
          @Override
          public FileListing list() {
            return new FileListing("ff", own.branchId(), 1, 1, 0, own.files());
          }
        };
    Fetch.Round round = fetch("n3").round(List.of(stranger));
    assertThat(round.sources()).isZero();
    assertThat(round.foundNothingNew()).isFalse();
    assertThat(round.complaints()).containsExactly("n1 is of ledger ff");
  }

  @Test
  void a_crash_at_each_step_costs_no_more_than_another_round() throws IOException {
    JournalPlaces places = JournalPlaces.in(Path.of("/n3"));
    HostileDisk counted = new HostileDisk(1);
    fetch(counted, places, 1).round(List.of(first));
    long calls = counted.calls();
    assertThat(calls).isGreaterThan(200);
    Random random = new Random(3);
    for (int seed = 0; seed < 40; seed++) {
      HostileDisk disk = new HostileDisk(seed);
      int crashes = 1 + random.nextInt(3);
      for (int crash = 0; crash < crashes; crash++) {
        HostileDisk.Fault fault =
            random.nextBoolean() ? HostileDisk.Fault.FULL : HostileDisk.Fault.FAILING;
        disk.failAfter(random.nextLong(calls), fault);
        try {
          fetch(disk, places, 1).round(List.of(first));
        } catch (HoldfastException e) {
          assertThat(e.code()).isIn("disk-full", "disk-failed");
        }
        disk.crash();
        assertNothingWrongInPlace(disk, places, seed);
      }
      Fetch fetch = fetch(disk, places, 1);
      fetch.round(List.of(first));
      assertThat(fetch.round(List.of(first)).foundNothingNew()).as("seed %d", seed).isTrue();
      fetch.finish(fetch.reach());
      assertSame(disk, places);
    }
  }

  @Test
  void what_rounds_brought_is_there_after_a_crash() throws IOException {
    JournalPlaces places = JournalPlaces.in(Path.of("/n3"));
    for (int seed = 0; seed < 20; seed++) {
      HostileDisk disk = new HostileDisk(seed);
      Fetch fetch = fetch(disk, places, 1);
      fetch.round(List.of(first));
      assertThat(fetch.round(List.of(first)).foundNothingNew()).as("seed %d", seed).isTrue();

      disk.crash();

      assertSame(disk, places);
    }
  }

  /** Whatever has its name already is whole: the crash took nothing of it. */
  private void assertNothingWrongInPlace(Disk disk, JournalPlaces places, int seed)
      throws IOException {
    Map<String, byte[]> original = content(SystemDisk.INSTANCE, first.places);
    content(disk, places)
        .forEach(
            (name, bytes) ->
                assertThat(bytes).as("seed %d: %s", seed, name).isEqualTo(original.get(name)));
  }

  @Test
  void what_is_no_name_of_a_file_is_read_nowhere() {
    for (String name : List.of("../keys/data.key", "genesis.json", "", "00000000000000000001")) {
      assertThatThrownBy(() -> first.journal.files().read(FileKind.SEGMENT, name, 0, 1))
          .isInstanceOfSatisfying(
              HoldfastException.class,
              e -> assertThat(e.code()).isEqualTo("malformed-peer-message"));
    }
    assertThatThrownBy(
            () -> first.journal.files().read(FileKind.RUN, "0".repeat(20) + ".segment", 0, 1))
        .isInstanceOf(HoldfastException.class);
  }
}
