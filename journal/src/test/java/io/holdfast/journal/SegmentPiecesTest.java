package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.testkit.HostileDisk;
import io.holdfast.testkit.HostileDisk.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A segment taken apart and put together again is the same file. */
class SegmentPiecesTest {
  private static final Path MADE = Path.of("/made");

  @TempDir Path temporary;

  private static List<SegmentPiece> pieces(
      Disk disk, Path file, DataKey key, long from, long until, int bytesMin) throws IOException {
    List<SegmentPiece> found = new ArrayList<>();
    try (SegmentPieces pieces = SegmentPieces.open(disk, file, key, from, until)) {
      for (SegmentPiece p = pieces.next(bytesMin); p != null; p = pieces.next(bytesMin)) {
        found.add(p);
      }
      assertThat(pieces.next(bytesMin)).isNull();
    }
    return found;
  }

  private static List<SegmentPiece> whole(Disk disk, Path file, DataKey key, int bytesMin)
      throws IOException {
    return pieces(disk, file, key, 0, Long.MAX_VALUE, bytesMin);
  }

  private static void assemble(Disk disk, DataKey key, List<SegmentPiece> pieces)
      throws IOException {
    try (SegmentAssembly assembly = new SegmentAssembly(disk, MADE, key)) {
      for (SegmentPiece piece : pieces) {
        assertThat(assembly.write(piece.content(), piece.sha256()).placed())
            .isEqualTo(
                new SegmentAssembly.Placed(
                    SegmentFiles.file(MADE, piece.segmentFirstOp()),
                    piece.offset(),
                    piece.sizeBytes(),
                    piece.firstOp(),
                    piece.lastOp()));
      }
    }
  }

  private static Map<Path, ByteBuffer> made(HostileDisk disk) throws IOException {
    Map<Path, ByteBuffer> found = new TreeMap<>();
    for (Path file : disk.list(MADE)) {
      found.put(
          GoldenFiles.DIRECTORY.resolve(file.getFileName()), ByteBuffer.wrap(disk.bytes(file)));
    }
    return found;
  }

  private static Map<Path, ByteBuffer> golden(HostileDisk disk) throws IOException {
    Map<Path, ByteBuffer> found = new TreeMap<>();
    for (Path file : disk.list(GoldenFiles.DIRECTORY)) {
      found.put(file, ByteBuffer.wrap(disk.bytes(file)));
    }
    return found;
  }

  private static void assertCode(String code, ThrowingCallable body) {
    assertThatThrownBy(body)
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).as(e.message()).isEqualTo(code));
  }

  @Test
  void segments_come_out_byte_for_byte_whatever_the_size_of_pieces_and_their_order()
      throws IOException {
    for (String folder : List.of("journal-1", "journal-sealed-1")) {
      HostileDisk disk = GoldenFiles.disk(folder);
      DataKey key = GoldenFiles.key(folder, temporary);
      Random random = new Random(5);
      for (int bytesMin : List.of(0, 1, 200, 3_000, 9_999, 20_000, Integer.MAX_VALUE)) {
        List<SegmentPiece> all = new ArrayList<>();
        for (Path file : disk.list(GoldenFiles.DIRECTORY)) {
          all.addAll(whole(disk, file, key, bytesMin));
        }
        Collections.shuffle(all, random);
        HostileDisk other = new HostileDisk(2);
        assemble(other, key, all);
        assertThat(made(other)).as("%s, %s bytes", folder, bytesMin).isEqualTo(golden(disk));
      }
    }
  }

  @Test
  void pieces_lie_side_by_side_and_say_what_they_hold() throws IOException {
    HostileDisk disk = GoldenFiles.disk("journal-1");
    DataKey key = GoldenFiles.key("journal-1", temporary);
    for (Path file : disk.list(GoldenFiles.DIRECTORY)) {
      JournalSegment segment = new JournalVerifier(disk, key).describe(file);
      for (int bytesMin = 1; bytesMin < segment.sizeBytes(); bytesMin += 977) {
        long offset = 0;
        long op = segment.firstOp();
        List<SegmentPiece> pieces = whole(disk, file, key, bytesMin);
        for (SegmentPiece piece : pieces) {
          assertThat(piece.offset()).isEqualTo(offset);
          boolean last = offset + piece.sizeBytes() == segment.sizeBytes();
          assertThat(piece.sizeBytes() >= bytesMin || last).isTrue();
          assertThat(piece.segmentFirstOp()).isEqualTo(segment.firstOp());
          assertThat(piece.ends()).isEqualTo(segment.sealed() && last);
          offset += piece.sizeBytes();
          if (piece.lastOp() > 0) {
            assertThat(piece.firstOp()).isEqualTo(op);
            assertThat(piece.firstTime()).isBetween(1L, piece.lastTime());
            op = piece.lastOp() + 1;
          }
        }
        assertThat(offset).isEqualTo(segment.sizeBytes());
        assertThat(op).isEqualTo(segment.lastOp() + 1);
        assertThat(pieces.stream().filter(p -> p.lastOp() > 0).toList().getLast().lastTime())
            .isEqualTo(segment.lastTimeNanos());
      }
    }
  }

  @Test
  void reading_can_go_on_where_an_earlier_piece_ended_and_gives_the_same() throws IOException {
    HostileDisk disk = GoldenFiles.disk("journal-1");
    DataKey key = GoldenFiles.key("journal-1", temporary);
    Path file = disk.list(GoldenFiles.DIRECTORY).getFirst();
    List<SegmentPiece> once = whole(disk, file, key, 4_000);
    assertThat(once).hasSizeGreaterThan(3);
    for (int i = 0; i < once.size(); i++) {
      List<SegmentPiece> rest =
          pieces(disk, file, key, once.get(i).offset(), Long.MAX_VALUE, 4_000);
      assertThat(rest)
          .usingRecursiveFieldByFieldElementComparator()
          .isEqualTo(once.subList(i, once.size()));
    }
  }

  @Test
  void a_file_that_is_not_wholly_on_disk_ends_with_its_last_whole_content() throws IOException {
    HostileDisk disk = GoldenFiles.disk("journal-1");
    DataKey key = GoldenFiles.key("journal-1", temporary);
    Path file = disk.list(GoldenFiles.DIRECTORY).getFirst();
    List<Long> ends = new ArrayList<>(List.of(0L));
    whole(disk, file, key, 1).forEach(piece -> ends.add(piece.offset() + piece.sizeBytes()));
    byte[] bytes = disk.bytes(file);
    for (int until = 0; until <= bytes.length; until += 41) {
      long expected = 0;
      for (long end : ends) {
        expected = end <= until ? end : expected;
      }
      List<SegmentPiece> found = pieces(disk, file, key, 0, until, Integer.MAX_VALUE);
      assertThat(found.stream().mapToLong(SegmentPiece::sizeBytes).sum()).isEqualTo(expected);
      if (!found.isEmpty()) {
        HostileDisk other = new HostileDisk(until);
        assemble(other, key, found);
        assertThat(other.bytes(SegmentFiles.file(MADE, 1)))
            .isEqualTo(Arrays.copyOf(bytes, (int) expected));
      }
    }
  }

  @Test
  void entries_of_many_frames_come_out_and_one_that_is_cut_off_leaves_no_trace()
      throws IOException {
    DataKey key = DataKey.create();
    HostileDisk disk = new HostileDisk(1);
    Lineage lineage = Lineage.ofNew(LedgerRun.LEDGER_ID);
    Branch branch = lineage.current();
    SegmentHeader header =
        new SegmentHeader(
            key.keyId(), lineage.ledgerId(), branch.id(), LedgerRun.GROUP, 1, branch.epoch());
    Chain chain = new Chain(Chain.beginning(LedgerRun.LEDGER_ID));
    SegmentOpening opening = new SegmentOpening(chain.value(), lineage.branches());
    try (SegmentWriter writer =
        SegmentWriter.create(disk, MADE, header, opening, key, Long.MAX_VALUE)) {
      for (byte[] entry : LedgerRun.entries(8, 12, 3_000)) {
        chain.add(entry, 0, entry.length);
        writer.append(entry, 0, entry.length, chain.entryDigest());
      }
      writer.finish(chain.value());
    }
    Path file = SegmentFiles.file(MADE, 1);
    byte[] bytes = disk.bytes(file);
    assertThat(bytes.length).as("more than is read at once").isGreaterThan(2 << 20);
    for (int until = bytes.length; until > 200_000; until -= 150_001) {
      List<SegmentPiece> found = pieces(disk, file, key, 0, until, 400_000);
      HostileDisk other = new HostileDisk(until);
      assemble(other, key, found);
      byte[] made = other.bytes(file);
      assertThat(made).isEqualTo(Arrays.copyOf(bytes, made.length));
      assertThat(made.length).isBetween(until - EntryLayout.BYTES_MAX, until);
      assertThat(found.getLast().ends()).isEqualTo(until == bytes.length);
    }
  }

  @Test
  void every_flipped_bit_of_a_segment_is_found() throws IOException {
    HostileDisk disk = GoldenFiles.disk("journal-1");
    DataKey key = GoldenFiles.key("journal-1", temporary);
    Path file = disk.list(GoldenFiles.DIRECTORY).getFirst();
    long trailerAt = 8L * (disk.bytes(file).length - SegmentTrailer.SEALED_BYTES);
    Random random = new Random(9);
    for (int i = 0; i < 2_500; i++) {
      long bit = i < 1_500 ? i : random.nextLong(trailerAt);
      disk.flip(file, bit);
      assertThatThrownBy(() -> whole(disk, file, key, 5_000))
          .as("bit %d", bit)
          .isInstanceOfSatisfying(
              HoldfastException.class,
              e -> assertThat(e.code()).isIn("journal-damaged", "format-unknown"))
          .hasMessageContaining(file.toString());
      disk.flip(file, bit);
    }
    // A trailer that says it is longer is as one that is still being written.
    for (long bit = trailerAt; bit < trailerAt + 8L * SegmentTrailer.SEALED_BYTES; bit++) {
      disk.flip(file, bit);
      try {
        assertThat(whole(disk, file, key, 5_000)).as("bit %d", bit).noneMatch(SegmentPiece::ends);
      } catch (HoldfastException e) {
        assertThat(e.code()).isEqualTo("journal-damaged");
      }
      disk.flip(file, bit);
    }
    assertThat(whole(disk, file, key, 5_000)).anyMatch(SegmentPiece::ends);
  }

  @Test
  void a_piece_with_any_bit_flipped_is_refused_and_nothing_of_it_is_written() throws IOException {
    HostileDisk disk = GoldenFiles.disk("journal-sealed-1");
    DataKey key = GoldenFiles.key("journal-sealed-1", temporary);
    Path file = disk.list(GoldenFiles.DIRECTORY).getFirst();
    for (SegmentPiece piece : whole(disk, file, key, 600)) {
      HostileDisk other = new HostileDisk(1);
      try (SegmentAssembly assembly = new SegmentAssembly(other, MADE, key)) {
        for (int bit = 0; bit < 8 * piece.content().length; bit += 3) {
          byte[] content = piece.content().clone();
          content[bit / 8] ^= (byte) (1 << bit % 8);
          assertCode("piece-damaged", () -> assembly.write(content, piece.sha256()));
        }
        for (int bytes = 0; bytes < piece.content().length; bytes++) {
          byte[] part = Arrays.copyOf(piece.content(), bytes);
          assertCode("piece-damaged", () -> assembly.write(part, piece.sha256()));
        }
        assertCode("piece-damaged", () -> assembly.write(piece.content(), new byte[32]));
      }
      assertThat(other.list(MADE)).isEmpty();
    }
  }

  @Test
  void another_data_key_neither_opens_a_segment_nor_seals_a_piece() throws IOException {
    HostileDisk disk = GoldenFiles.disk("journal-1");
    DataKey key = GoldenFiles.key("journal-1", temporary);
    DataKey foreign = DataKey.create();
    Path file = disk.list(GoldenFiles.DIRECTORY).getFirst();
    assertCode("wrong-data-key", () -> whole(disk, file, foreign, 1));
    SegmentPiece piece = whole(disk, file, key, 1).getFirst();
    assertCode(
        "piece-damaged",
        () -> new SegmentAssembly(disk, MADE, foreign).write(piece.content(), piece.sha256()));
  }

  @Test
  void many_threads_put_segments_together_readable_by_their_owner_alone() throws Exception {
    HostileDisk disk = GoldenFiles.disk("journal-1");
    DataKey key = GoldenFiles.key("journal-1", temporary);
    List<SegmentPiece> all = new ArrayList<>();
    for (Path file : disk.list(GoldenFiles.DIRECTORY)) {
      all.addAll(whole(disk, file, key, 1));
    }
    Collections.shuffle(all, new Random(8));
    Path directory = temporary.resolve("journal");
    try (SegmentAssembly assembly = new SegmentAssembly(SystemDisk.INSTANCE, directory, key);
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> done = new ArrayList<>();
      for (SegmentPiece piece : all) {
        done.add(threads.submit(() -> assembly.write(piece.content(), piece.sha256())));
      }
      for (Future<?> each : done) {
        each.get();
      }
    }
    for (Path file : disk.list(GoldenFiles.DIRECTORY)) {
      Path made = directory.resolve(file.getFileName());
      assertThat(Files.readAllBytes(made)).isEqualTo(disk.bytes(file));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void whichever_call_fails_doing_it_again_gives_the_same_files() throws IOException {
    HostileDisk source = GoldenFiles.disk("journal-1");
    DataKey key = GoldenFiles.key("journal-1", temporary);
    List<SegmentPiece> all = new ArrayList<>();
    for (Path file : source.list(GoldenFiles.DIRECTORY)) {
      all.addAll(whole(source, file, key, 5_000));
    }
    HostileDisk counted = new HostileDisk(0);
    assemble(counted, key, all);
    assertThat(counted.calls()).isGreaterThan(20);
    for (long call = 0; call < counted.calls(); call++) {
      HostileDisk disk = new HostileDisk(call);
      disk.failAfter(call, call % 2 == 0 ? Fault.FULL : Fault.FAILING);
      assertThatThrownBy(() -> assemble(disk, key, all)).isInstanceOf(IOException.class);
      if (call % 3 == 0) {
        disk.heal();
      } else {
        disk.crash();
      }
      assemble(disk, key, all);
      disk.crash();
      assertThat(made(disk)).as("call %d", call).isEqualTo(golden(source));
    }
  }
}
