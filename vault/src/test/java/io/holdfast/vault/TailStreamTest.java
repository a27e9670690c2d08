package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.journal.SegmentAssembly;
import io.holdfast.journal.SegmentPiece;
import io.holdfast.kernel.Disk;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.vault.BackupManifest.PieceRef;
import io.holdfast.vault.BackupManifest.Segment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tails after a backup are the rest of the journal: no gap, no op twice, byte for byte. */
class TailStreamTest {
  private static final Disk DISK = SystemDisk.INSTANCE;

  /** Smaller than a tail, so that tails go over the ends of segments. */
  private static final long SEGMENT_BYTES = 700_000;

  @TempDir Path temporary;

  private final ShelfRepository shelf = new ShelfRepository(() -> 0);
  private final Vault vault = new Vault(shelf, RepositoryKeys.create());
  private SourceNode node;

  @BeforeEach
  void make() throws IOException {
    node = SourceNode.create(temporary.resolve("n1"), 1, SEGMENT_BYTES);
    node.pay(5_000);
  }

  private BackupManifest backUp(BackupSource source) {
    return Backup.run(vault, source, Backup.Options.USUAL, new SystemClock(), Telling.NONE)
        .manifest();
  }

  private TailStream found(BackupSource source) {
    TailStream stream = new TailStream(vault, source, DISK);
    assertThat(stream.find()).isTrue();
    return stream;
  }

  private static TailStream.Place at(TailStream stream) {
    return Objects.requireNonNull(stream.at());
  }

  /** Steps until there is nothing more; how many tails were sent. */
  private static int drain(TailStream stream) {
    int sent = 0;
    TailStream.Step step;
    do {
      step = stream.step();
      sent += step.sentBytes() > 0 ? 1 : 0;
    } while (step.more());
    return sent;
  }

  private List<Tail> tailsAfter(long op) {
    List<Tail> tails = new ArrayList<>();
    new Tails(vault, node.lineage().current().id())
        .follow(
            op,
            tail -> {
              tails.add(tail);
              return true;
            });
    return tails;
  }

  /** Makes the files again from a backup and the tails after it, and compares them. */
  private void assertWhole(BackupManifest manifest) throws IOException {
    Path made = Files.createTempDirectory(temporary, "made");
    List<Tail> tails = tailsAfter(manifest.lastOp());
    try (SegmentAssembly assembly = new SegmentAssembly(DISK, made, node.dataKey())) {
      for (Segment segment : manifest.segments()) {
        for (PieceRef piece : segment.pieces()) {
          assembly.write(vault.load(piece.object()), HexFormat.of().parseHex(piece.sha256()));
        }
      }
      for (Tail tail : tails) {
        for (SegmentPiece piece : tail.pieces()) {
          assembly.write(piece.content(), piece.sha256());
        }
      }
    }
    long op = manifest.lastOp();
    for (Tail tail : tails) {
      assertThat(tail.firstOp()).isEqualTo(op + 1);
      op = tail.lastOp();
    }
    List<Path> files = DISK.list(made);
    List<Path> theirs = node.segments();
    assertThat(files).hasSameSizeAs(theirs);
    for (int i = 0; i < files.size(); i++) {
      byte[] bytes = Files.readAllBytes(theirs.get(i));
      if (i == files.size() - 1) {
        bytes = Arrays.copyOf(bytes, (int) Files.size(files.get(i)));
      }
      assertThat(Files.readAllBytes(files.get(i))).isEqualTo(bytes);
    }
  }

  @Test
  void without_a_backup_a_stream_has_nothing_to_go_on_from() {
    assertThat(new TailStream(vault, node.cold(), DISK).find()).isFalse();
  }

  @Test
  void the_tails_after_a_backup_are_the_rest_of_the_journal() throws IOException {
    BackupManifest manifest = backUp(node.cold());
    TailStream first = found(node.cold());
    assertThat(drain(first)).isZero();
    node.pay(30_000);
    TailStream stream = found(node.cold());
    assertThat(drain(stream)).isGreaterThan(1);
    assertThat(drain(stream)).as("nothing is sent twice").isZero();
    assertThat(at(stream).nextOp()).isGreaterThan(manifest.lastOp() + 10);
    assertWhole(manifest);

    node.pay(3_000);
    drain(found(node.cold()));
    assertWhole(manifest);
  }

  @Test
  void what_is_not_synced_is_not_sent() throws IOException {
    backUp(node.cold());
    node.pay(6_000);
    BackupSource all = node.cold();
    BackupSource.Open open = Objects.requireNonNull(all.open());
    TailStream stream = found(SeenSource.upTo(all, () -> open.syncedBytes() - 1));
    drain(stream);
    long short1 = at(stream).nextOp();
    TailStream whole = found(all);
    drain(whole);
    assertThat(at(whole).nextOp()).as("the last op").isEqualTo(short1 + 1);
  }

  @Test
  void two_streams_at_once_make_one_sequence() throws Exception {
    BackupManifest manifest = backUp(node.cold());
    node.pay(60_000);
    List<CompletableFuture<Void>> both = new ArrayList<>();
    List<TailStream> streams = List.of(found(node.cold()), found(node.cold()));
    for (TailStream stream : streams) {
      both.add(CompletableFuture.runAsync(() -> drain(stream)));
    }
    for (CompletableFuture<Void> each : both) {
      each.get(60, TimeUnit.SECONDS);
    }
    assertThat(at(streams.getFirst())).isEqualTo(at(streams.getLast()));
    assertWhole(manifest);
  }

  @Test
  void a_stream_that_finds_a_tail_of_another_goes_on_after_it() throws IOException {
    BackupManifest manifest = backUp(node.cold());
    TailStream late = found(node.cold());
    node.pay(2_000);
    drain(found(node.cold()));
    node.pay(2_000);
    TailStream other = found(node.cold());
    TailStream behind = new TailStream(vault, node.cold(), DISK);
    behind.taken(manifest);
    assertThat(behind.step().sentBytes()).as("it was there").isZero();
    assertThat(at(behind)).isEqualTo(at(other));
    assertThat(at(late).nextOp()).isEqualTo(manifest.lastOp() + 1);
    drain(behind);
    assertWhole(manifest);
  }

  @Test
  void whatever_fails_at_whatever_call_no_op_is_missing() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    BackupManifest manifest = backUp(node.cold());
    AtomicInteger calls = new AtomicInteger();
    shelf.beforePut(
        name -> {
          if (calls.getAndIncrement() == 0 || random.nextInt(3) == 0) {
            throw new HoldfastException("repository-unavailable", "503", "");
          }
        });
    int failed = 0;
    for (int round = 0; round < 6; round++) {
      node.pay(4_000);
      TailStream stream = found(node.cold());
      for (boolean done = false; !done; ) {
        try {
          drain(stream);
          done = true;
        } catch (HoldfastException e) {
          assertThat(e.code()).isEqualTo("repository-unavailable");
          failed++;
          stream = random.nextBoolean() ? stream : found(node.cold());
        }
      }
    }
    assertThat(failed).as("seed %d", seed).isPositive();
    assertWhole(manifest);
  }

  @Test
  void after_a_backup_that_ends_within_a_tail_both_it_and_the_one_before_are_followed_by_all()
      throws IOException {
    BackupManifest first = backUp(node.cold());
    node.pay(2_000);
    BackupSource early = SeenSource.frozen(node.cold());
    node.pay(6_000);
    TailStream stream = found(node.cold());
    assertThat(drain(stream)).isEqualTo(1);
    TailStream.Place end = at(stream);
    BackupManifest within = backUp(early);
    assertThat(within.lastOp()).isBetween(first.lastOp() + 1, end.nextOp() - 2);

    stream.taken(within);
    assertThat(at(stream)).as("what was between is sent").isEqualTo(end);
    node.pay(2_000);
    assertThat(drain(found(node.cold()))).isEqualTo(1);
    assertWhole(first);
    assertWhole(within);
    assertFollowedAlike(first, within);
  }

  @Test
  void after_a_backup_that_is_ahead_both_it_and_the_one_before_are_followed_by_all()
      throws IOException {
    BackupManifest first = backUp(node.cold());
    TailStream stream = found(node.cold());
    node.pay(9_000);
    BackupSource early = SeenSource.frozen(node.cold());
    node.pay(2_000);
    BackupManifest ahead = backUp(early);
    assertThat(ahead.lastOp()).isGreaterThan(first.lastOp());
    stream.taken(ahead);
    assertThat(at(stream).nextOp()).isEqualTo(ahead.lastOp() + 1);
    assertThat(drain(found(node.cold()))).isEqualTo(1);
    assertWhole(first);
    assertWhole(ahead);
    assertFollowedAlike(first, ahead);
  }

  @Test
  void a_stream_whose_place_is_lost_goes_on_after_the_next_backup() throws IOException {
    BackupManifest first = backUp(node.cold());
    TailStream stream = found(node.cold());
    node.pay(2_000);
    drain(found(node.cold()));
    String name = new Tails(vault, node.lineage().current().id()).name(first.lastOp() + 1);
    shelf.replace(name, new byte[] {1});
    BackupManifest next = backUp(node.cold());
    stream.taken(next);
    assertThat(at(stream).nextOp()).isEqualTo(next.lastOp() + 1);
  }

  private void assertFollowedAlike(BackupManifest one, BackupManifest other) {
    assertThat(tailsAfter(one.lastOp()).getLast().lastOp())
        .isEqualTo(tailsAfter(other.lastOp()).getLast().lastOp());
  }

  @Test
  void after_a_backup_that_is_much_further_a_stream_jumps_and_where_one_fits_it_stays()
      throws IOException {
    backUp(node.cold());
    TailStream stream = found(node.cold());
    node.pay(150_000);
    BackupManifest further = backUp(node.cold());
    stream.taken(further);
    assertThat(at(stream).nextOp()).isEqualTo(further.lastOp() + 1);
    node.pay(2_000);
    TailStream again = found(node.cold());
    drain(again);
    TailStream.Place end = at(again);
    again.taken(further);
    assertThat(at(again)).isEqualTo(end);
    assertWhole(further);
  }

  @Test
  void a_damaged_tail_is_named_and_a_new_backup_lets_the_stream_go_on() throws IOException {
    BackupManifest manifest = backUp(node.cold());
    node.pay(2_000);
    drain(found(node.cold()));
    String name = new Tails(vault, node.lineage().current().id()).name(manifest.lastOp() + 1);
    byte[] bytes = shelf.get(name);
    bytes[bytes.length / 2] ^= 1;
    shelf.replace(name, bytes);
    TailStream stream = new TailStream(vault, node.cold(), DISK);
    HoldfastException e = catchThrowableOfType(HoldfastException.class, stream::find);
    assertThat(e.code()).isEqualTo("object-damaged");
    assertThat(e.message()).contains(name);

    BackupManifest next = backUp(node.cold());
    node.pay(2_000);
    drain(found(node.cold()));
    assertWhole(next);
  }

  @Test
  void a_tail_that_was_lost_is_sent_again() throws IOException {
    BackupManifest manifest = backUp(node.cold());
    node.pay(40_000);
    drain(found(node.cold()));
    List<Tail> tails = tailsAfter(manifest.lastOp());
    assertThat(tails).hasSizeGreaterThan(2);
    shelf.lose(new Tails(vault, node.lineage().current().id()).name(tails.get(1).firstOp()));
    assertThat(tailsAfter(manifest.lastOp())).hasSize(1);
    drain(found(node.cold()));
    assertWhole(manifest);
  }

  @Test
  void a_node_that_is_behind_the_repository_waits() throws IOException {
    backUp(node.cold());
    BackupSource behind = SeenSource.frozen(node.cold());
    node.pay(20_000);
    drain(found(node.cold()));
    TailStream stream = found(behind);
    assertThat(drain(stream)).isZero();
  }

  @Test
  void a_journal_in_other_segments_is_told_apart() throws IOException {
    BackupManifest manifest = backUp(node.cold());
    SourceNode other =
        SourceNode.create(
            temporary.resolve("n2"), node.lineage(), SourceNode.GROUP, 200_000, node.dataKey());
    other.pay(8_000);
    TailStream stream = new TailStream(vault, other.cold(), DISK);
    stream.taken(manifest);
    HoldfastException e = catchThrowableOfType(HoldfastException.class, stream::step);
    assertThat(e.code()).isIn("stream-misplaced", "journal-damaged");
  }

  @Test
  void a_tail_is_read_as_it_was_written_and_what_is_none_is_refused() throws IOException {
    backUp(node.cold());
    node.pay(9_000);
    drain(found(node.cold()));
    Tail tail = tailsAfter(Manifests.all(vault).backups().getFirst().manifest().lastOp()).get(0);
    byte[] bytes = tail.encode();
    assertThat(Tail.decode("t", bytes).encode()).isEqualTo(bytes);
    for (int length = 0; length < bytes.length; length += 1 + length / 3) {
      byte[] cut = Arrays.copyOf(bytes, length);
      HoldfastException e =
          catchThrowableOfType(HoldfastException.class, () -> Tail.decode("t", cut));
      assertThat(e.code()).as("%d bytes", length).isEqualTo("object-damaged");
    }
  }
}
