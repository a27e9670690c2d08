package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.journal.FileCheck;
import io.holdfast.journal.FileKind;
import io.holdfast.journal.FileListing;
import io.holdfast.journal.JournalSegment;
import io.holdfast.journal.RunRebuild;
import io.holdfast.journal.StoredFile;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Transfer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged file of each kind is found and replaced while the journal is in use. */
class MenderTest {
  private static final long OPS = 200;

  @TempDir Path directory;
  private SmallJournal own;
  private SmallJournal other;

  @BeforeEach
  void start() {
    own = new SmallJournal(directory.resolve("n1"), "n1").run(OPS);
    other = new SmallJournal(directory.resolve("n2"), "n2").run(OPS);
  }

  @AfterEach
  void stop() {
    own.close();
    other.close();
    assertThat(own.failures).isEmpty();
  }

  private FileCheck check() {
    return new FileCheck(SystemDisk.INSTANCE, own.places, SmallJournal.KEY, SmallJournal.LEDGER_ID);
  }

  private Mender mender(FileSource... sources) {
    return new Mender(
        SystemDisk.INSTANCE,
        own.places,
        check(),
        SmallJournal.LEDGER_ID.toHex(),
        List.of(sources),
        new RunRebuild(
            SystemDisk.INSTANCE,
            own.places,
            SmallJournal.KEY,
            SmallJournal.LEDGER_ID,
            SmallJournal.GENERATION),
        () -> false);
  }

  private JournalSegment.@Nullable Fault fault(StoredFile file) throws IOException {
    return check().fault(file.kind(), path(file), true, read -> {});
  }

  private Path path(StoredFile file) {
    return own.places.file(file.kind(), file.name());
  }

  private List<StoredFile> complete() {
    return own.list().files().stream().filter(StoredFile::complete).toList();
  }

  private static void flip(Path file, long at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) at] ^= 1;
    Files.write(file, bytes, StandardOpenOption.WRITE); // not cut off first: it may be mapped
  }

  private List<Transfer> oldTransfers() {
    return own.journal
        .index()
        .queries(own.ledger, new ReentrantLock(), own.detailsKeys())
        .transfers(List.of(UInt128.of(2 * 50 + 3), UInt128.of(20 * 50 + 7)));
  }

  @Test
  void a_flipped_bit_anywhere_in_a_file_of_any_kind_is_found_and_mended() throws IOException {
    assertThat(oldTransfers()).doesNotContainNull();
    List<Transfer> before = oldTransfers();
    for (FileKind kind : FileKind.values()) {
      StoredFile file = complete().stream().filter(f -> f.kind() == kind).findFirst().orElseThrow();
      assertThat(fault(file)).isNull();
      for (long at : List.of(1L, 70L, 150L, file.sizeBytes() / 2, file.sizeBytes() - 1)) {
        byte[] good = Files.readAllBytes(path(file));
        flip(path(file), at);
        assertThat(fault(file)).as("%s byte %d", file.name(), at).isNotNull();
        byte[] damaged = Files.readAllBytes(path(file));

        Mender.Result result = mender(other).mend(kind, file.name(), true);
        own.journal.mended(kind, file.name());

        assertThat(result).isEqualTo(new Mender.Result(true, ""));
        assertThat(Files.readAllBytes(path(file))).isEqualTo(good);
        assertThat(Files.readAllBytes(own.places.damaged(kind).resolve(file.name())))
            .as("the damaged one is kept")
            .isEqualTo(damaged);
      }
    }
    assertThat(oldTransfers()).as("read from the files put in place").isEqualTo(before);
    own.run(OPS + 60);
    other.run(OPS + 60);
    assertThat(own.ledger.digest()).isEqualTo(other.ledger.digest());
    assertThat(own.list()).isEqualTo(other.list());
  }

  @Test
  void a_flipped_bit_is_found_wherever_it_lies_filters_included() throws IOException {
    for (FileKind kind : FileKind.values()) {
      StoredFile file = complete().stream().filter(f -> f.kind() == kind).findFirst().orElseThrow();
      long step = file.sizeBytes() / 100;
      for (long at = step / 2; at < file.sizeBytes(); at += step) {
        flip(path(file), at);
        assertThat(fault(file)).as("%s byte %d", file.name(), at).isNotNull();
        flip(path(file), at);
      }
      assertThat(fault(file)).isNull();
    }
  }

  @Test
  void a_run_that_no_other_node_has_is_made_anew_from_the_journal_byte_by_byte()
      throws IOException {
    List<Transfer> before = oldTransfers();
    List<StoredFile> runs = runs();
    assertThat(runs).as("merged ones and others").hasSizeGreaterThan(2);
    for (StoredFile run : runs) {
      byte[] good = Files.readAllBytes(path(run));
      flip(path(run), run.sizeBytes() / 2);
      flip(other.places.file(FileKind.RUN, run.name()), run.sizeBytes() / 3);

      Mender.Result result = mender(other).mend(FileKind.RUN, run.name(), true);
      own.journal.mended(FileKind.RUN, run.name());

      assertThat(result).isEqualTo(new Mender.Result(true, ""));
      assertThat(Files.readAllBytes(path(run))).isEqualTo(good);
      assertThat(own.places.damaged(FileKind.RUN).resolve(run.name())).exists();
    }
    assertThat(oldTransfers()).isEqualTo(before);
    own.run(OPS + 120); // what was made anew is merged with what comes
    assertThat(runs()).hasSizeLessThan(runs.size() + 6);
    assertThat(oldTransfers()).isEqualTo(before);
  }

  private List<StoredFile> runs() {
    return complete().stream().filter(file -> file.kind() == FileKind.RUN).toList();
  }

  @Test
  void a_run_is_not_made_of_a_journal_that_is_damaged_itself() throws IOException {
    StoredFile run = runs().getFirst();
    StoredFile segment = complete().getFirst();
    flip(path(run), run.sizeBytes() / 2);
    flip(path(segment), segment.sizeBytes() / 2);
    byte[] damaged = Files.readAllBytes(path(run));

    Mender.Result result = mender().mend(FileKind.RUN, run.name(), true);

    assertThat(result.mended()).isFalse();
    assertThat(result.why()).contains("no other node has it", segment.name());
    assertThat(Files.readAllBytes(path(run))).isEqualTo(damaged);
  }

  @Test
  void without_another_good_copy_nothing_is_touched_and_it_says_why() throws IOException {
    StoredFile file = complete().getFirst();
    flip(path(file), 500);
    byte[] damaged = Files.readAllBytes(path(file));
    flip(other.places.file(file.kind(), file.name()), 900);

    assertThat(mender().mend(file.kind(), file.name(), true).why())
        .isEqualTo("no other node has it");
    Mender.Result result = mender(other, away()).mend(file.kind(), file.name(), true);

    assertThat(result.mended()).isFalse();
    assertThat(result.why())
        .contains("no other node gave a good copy", "damaged at n2", "n3 gives no files");
    assertThat(Files.readAllBytes(path(file))).isEqualTo(damaged);
  }

  private FileSource away() {
    return new FileSource() {
      @Override
      public String name() {
        return "n3";
      }

      @Override
      public FileListing list() {
        throw new HoldfastException("peer-unavailable", "n3 gives no files", "");
      }

      @Override
      public FileListing list(FileKind kind, String name) {
        return list();
      }

      @Override
      public byte[] read(FileKind kind, String name, long offset, int length) {
        throw new HoldfastException("peer-unavailable", "n3 gives no files", "");
      }
    };
  }

  @Test
  void a_reader_that_hits_damage_reports_the_file() throws IOException {
    StoredFile file = complete().getFirst();
    flip(path(file), file.sizeBytes() / 2);
    assertThat(own.journal.suspect()).isNull();
    for (long id = 50; id < 50 * 40; id++) {
      try {
        own.journal
            .index()
            .queries(own.ledger, new ReentrantLock(), own.detailsKeys())
            .transfers(List.of(UInt128.of(id)));
      } catch (io.holdfast.journal.DamagedFileException e) {
        assertThat(e.kind()).isEqualTo(FileKind.SEGMENT);
        assertThat(e.name()).isEqualTo(file.name());
        own.journal.suspect(e);
      }
    }
    io.holdfast.journal.DamagedFileException found = own.journal.suspect();
    assertThat(found).isNotNull();
    assertThat(own.journal.suspect()).as("each file once").isNull();
  }
}
