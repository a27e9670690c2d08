package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.journal.Branch;
import io.holdfast.journal.CheckpointAssembly;
import io.holdfast.journal.JournalCut;
import io.holdfast.journal.JournalVerifier;
import io.holdfast.journal.Lineage;
import io.holdfast.journal.SegmentAssembly;
import io.holdfast.kernel.Disk;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import io.holdfast.vault.BackupManifest.CheckpointRef;
import io.holdfast.vault.BackupManifest.PieceRef;
import io.holdfast.vault.BackupManifest.Segment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup holds the source's files, byte for byte, whatever happened while it was taken. */
class BackupTest {
  private static final long SEGMENT_BYTES = 1 << 20;
  private static final int PIECE_BYTES = 64 << 10;
  private static final Backup.Options OPTIONS = Backup.Options.USUAL;
  private static final Disk DISK = SystemDisk.INSTANCE;

  @TempDir Path temporary;

  private final ShelfRepository shelf = new ShelfRepository(() -> 0);
  private final RepositoryKeys keys = RepositoryKeys.create();
  private final HookedRepository repository = new HookedRepository(shelf);
  private final Vault vault = new Vault(repository, keys);

  private Backup.Result backup(BackupSource source) {
    return backup(vault, source, OPTIONS);
  }

  private static Backup.Result backup(Vault vault, BackupSource source, Backup.Options options) {
    return Backup.run(vault, source, options, PIECE_BYTES, new SystemClock(), Telling.NONE);
  }

  private SourceNode node(int payments) throws IOException {
    SourceNode node = SourceNode.create(temporary.resolve("n1"), 1, SEGMENT_BYTES);
    node.pay(payments);
    return node;
  }

  private List<String> manifests() {
    return shelf.names().stream().filter(name -> name.startsWith("backups/")).toList();
  }

  /** Makes the files again from a manifest, and compares them with the source's. */
  private void assertRestores(BackupManifest manifest, SourceNode node) throws IOException {
    assertRestores(new Vault(shelf, keys), manifest, node);
  }

  private void assertRestores(Vault vault, BackupManifest manifest, SourceNode node)
      throws IOException {
    Path made = Files.createTempDirectory(temporary, "made");
    HexFormat hex = HexFormat.of();
    try (SegmentAssembly assembly = new SegmentAssembly(DISK, made, node.dataKey())) {
      for (Segment segment : manifest.segments()) {
        for (PieceRef piece : segment.pieces()) {
          assembly.write(vault.load(piece.object()), hex.parseHex(piece.sha256()));
        }
      }
    }
    List<Path> files = DISK.list(made);
    assertThat(files).hasSameSizeAs(manifest.segments());
    for (int i = 0; i < files.size(); i++) {
      byte[] theirs =
          Files.readAllBytes(node.places().segments().resolve(files.get(i).getFileName()));
      byte[] ours = Files.readAllBytes(files.get(i));
      assertThat(ours.length).isEqualTo((int) manifest.segments().get(i).sizeBytes());
      assertThat(Arrays.equals(ours, 0, ours.length, theirs, 0, ours.length)).isTrue();
    }
    for (CheckpointRef ref : manifest.checkpoints()) {
      PageMap map = PageMap.parse(vault.load(ref.map()));
      CheckpointAssembly.write(
          DISK,
          made.resolve("checkpoints"),
          node.dataKey(),
          map.frame(),
          page -> {
            byte[] object = vault.load(map.object(page));
            return Arrays.copyOfRange(object, map.place(page) * 4096, (map.place(page) + 1) * 4096);
          });
    }
  }

  @Test
  void what_was_backed_up_is_the_source_byte_for_byte() throws IOException {
    SourceNode node = node(60_000);

    Backup.Result result = backup(node.cold());

    assertThat(result.warnings()).isEmpty();
    assertThat(result.manifest().segments()).hasSizeGreaterThan(2);
    assertThat(result.manifest().checkpoints()).hasSize(1);
    assertThat(result.manifest().chain()).isEqualTo(chain(node));
    assertRestores(Manifests.read(vault, result.name()).manifest(), node);
  }

  private static String chain(SourceNode node) throws IOException {
    return new JournalVerifier(DISK, node.dataKey()).describe(node.segments().getLast()).chain();
  }

  @Test
  void a_backup_after_five_percent_more_sends_less_than_eight_percent() throws IOException {
    SourceNode node = node(100_000);
    Backup.Result first = backup(node.cold());
    node.pay(5_000);

    Backup.Result second = backup(node.cold());

    assertThat(second.manifest().sentBytes())
        .isPositive()
        .isLessThanOrEqualTo(first.manifest().sentBytes() * 8 / 100);
    assertThat(second.manifest().lastOp()).isGreaterThan(first.manifest().lastOp());
    assertThat(second.manifest().before()).containsExactly(first.name());
    assertThat(repository.puts()).doesNotHaveDuplicates();
    assertRestores(second.manifest(), node);
    assertRestores(first.manifest(), node);
  }

  @Test
  void a_backup_of_what_did_not_change_sends_nothing_but_its_manifest() throws IOException {
    SourceNode node = node(20_000);
    backup(node.cold());

    Backup.Result again = backup(node.cold());

    assertThat(again.manifest().sentBytes()).isZero();
    assertThat(repository.puts()).doesNotHaveDuplicates();
    assertRestores(again.manifest(), node);
  }

  @Test
  void killed_at_any_call_and_run_again_it_is_whole_and_nothing_is_sent_twice() throws IOException {
    SourceNode node =
        SourceNode.create(temporary.resolve("small"), 1, SEGMENT_BYTES).withAccounts(200);
    node.pay(21_000);
    int calls = 0;
    while (!killedAt(calls, true, node)) {
      calls++;
    }
    int changes = 0;
    while (!killedAt(changes, false, node)) {
      changes++;
    }
    assertThat(changes).isGreaterThan(12);
    assertThat(calls).isGreaterThan(changes);
  }

  /** Whether it came to its end before it was killed. */
  private boolean killedAt(int step, boolean before, SourceNode node) throws IOException {
    ShelfRepository own = new ShelfRepository(() -> 0);
    HookedRepository killed = new HookedRepository(own);
    AtomicInteger calls = new AtomicInteger();
    Consumer<String> kill =
        call -> {
          if (calls.getAndIncrement() >= step) {
            throw new IllegalStateException("killed at " + call);
          }
        };
    if (before) {
      killed.before(kill);
    } else {
      killed.after(kill);
    }
    boolean done = false;
    try {
      backup(new Vault(killed, keys), node.cold(), OPTIONS);
      done = true;
    } catch (IllegalStateException expected) {
      assertThat(expected).hasMessageStartingWith("killed");
    }
    Set<String> there = own.names();
    HookedRepository again = new HookedRepository(own);
    Vault second = new Vault(again, keys);

    Backup.Result result = backup(second, node.cold(), OPTIONS);

    assertThat(again.puts()).doesNotHaveDuplicates().noneMatch(there::contains);
    Manifests.All all = Manifests.all(second);
    assertThat(all.faults()).isEmpty();
    assertThat(all.backups()).contains(result.named());
    for (Manifests.Named named : all.backups()) {
      assertThat(objects(named.manifest())).isEqualTo(objects(result.manifest()));
    }
    assertRestores(second, result.manifest(), node);
    return done;
  }

  @Test
  void two_at_once_into_one_repository_are_both_whole() throws Exception {
    SourceNode node = node(60_000);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<Backup.Result> one = threads.submit(() -> backup(node.cold()));
      Future<Backup.Result> other = threads.submit(() -> backup(node.cold()));
      assertRestores(one.get().manifest(), node);
      assertRestores(other.get().manifest(), node);
    }
    assertThat(Manifests.all(vault).backups()).hasSize(2);
    assertThat(Manifests.all(vault).faults()).isEmpty();
  }

  @Test
  void a_repository_that_is_full_is_told_and_gone_on_with_when_there_is_room() throws IOException {
    SourceNode node = node(20_000);
    AtomicInteger puts = new AtomicInteger();
    repository.before(
        call -> {
          if (call.startsWith("put objects/") && puts.incrementAndGet() > 5) {
            throw new HoldfastException("repository-full", "no room in shelf", "");
          }
        });

    assertThatThrownBy(() -> backup(node.cold()))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("repository-full"));
    assertThat(manifests()).isEmpty();

    repository.before(call -> {});
    assertRestores(backup(node.cold()).manifest(), node);
  }

  @Test
  void of_a_damaged_journal_there_is_no_backup() throws IOException {
    SourceNode node = node(60_000);
    Path file = node.segments().get(1);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);

    assertThatThrownBy(() -> backup(node.cold()))
        .isInstanceOfSatisfying(
            HoldfastException.class,
            e -> {
              assertThat(e.code()).isEqualTo("journal-damaged");
              assertThat(e.message()).contains(file.toString());
            });
    assertThat(manifests()).isEmpty();
  }

  @Test
  void of_a_journal_that_lacks_a_segment_there_is_no_backup() throws IOException {
    SourceNode node = node(60_000);
    ColdSource source = node.cold();
    Files.delete(node.segments().get(1));

    assertThatThrownBy(() -> backup(source))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("journal-damaged"));
    assertThat(manifests()).isEmpty();
  }

  @Test
  void a_torn_end_is_left_out() throws IOException {
    SourceNode node = node(20_000);
    Path last = node.segments().getLast();
    byte[] whole = Files.readAllBytes(last);
    Files.write(last, Arrays.copyOf(whole, whole.length - 10));

    Backup.Result result = backup(node.cold());

    assertThat(result.manifest().segments().getLast().sizeBytes()).isLessThan(whole.length - 10);
    assertRestores(result.manifest(), node);
  }

  @Test
  void of_the_segment_that_is_written_only_what_came_since_the_last_whole_piece_is_read()
      throws IOException {
    SourceNode node = SourceNode.create(temporary.resolve("n1"), 1, 64 << 20);
    node.pay(4_000);
    Segment first = backup(node.cold()).manifest().segments().getLast();
    assertThat(first.sealed()).isFalse();
    node.pay(2_000);

    Backup.Result grown = backup(node.cold());

    Segment second = grown.manifest().segments().getLast();
    assertThat(second.head()).isEqualTo(first.head());
    assertThat(grown.readBytes()).isEqualTo(second.sizeBytes() - first.sizeBytes());
    assertThat(grown.manifest().chain()).isEqualTo(chain(node));
    assertRestores(grown.manifest(), node);
    Backup.Result same = backup(node.cold());
    assertThat(same.readBytes()).isZero();
    assertThat(same.manifest().chain()).isEqualTo(chain(node));
    assertRestores(same.manifest(), node);
  }

  @Test
  void no_checkpoint_is_sent_that_is_newer_than_where_the_backup_ends() throws IOException {
    SourceNode node = node(10_000);
    BackupManifest stream = backup(node.cold()).manifest();
    node.pay(40_000);
    assertThat(SourceFiles.op(node.checkpoints().getLast())).isGreaterThan(stream.lastOp());
    TailStream.Place place = TailStream.Place.after(stream);
    AtomicInteger asked = new AtomicInteger();
    BackupSource caughtUp = new SourceUpTo(node.cold(), () -> place);
    // A stream that was behind when the backup began, and is not any more when it has its plan.
    BackupSource catchesUp =
        new SourceUpTo(node.cold(), () -> asked.getAndIncrement() < 4 ? null : place);

    assertThat(backup(caughtUp).manifest().lastOp()).isEqualTo(stream.lastOp());
    for (BackupSource source : List.of(caughtUp, catchesUp)) {
      ShelfRepository empty = new ShelfRepository(() -> 0);
      BackupManifest manifest = backup(new Vault(empty, keys), source, OPTIONS).manifest();

      assertThat(empty.names())
          .filteredOn(name -> name.startsWith("objects/"))
          .containsExactlyInAnyOrderElementsOf(References.named(manifest));
      assertThat(manifest.checkpoints()).allMatch(one -> one.op() <= manifest.lastOp());
    }
  }

  @Test
  void a_damaged_checkpoint_is_told_and_left_out() throws IOException {
    SourceNode node = node(60_000);
    Path file = node.checkpoints().getLast();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);

    Backup.Result result = backup(node.cold());

    assertThat(result.manifest().checkpoints()).isEmpty();
    assertThat(result.warnings()).singleElement().asString().contains(file.toString());
    assertRestores(result.manifest(), node);
  }

  @Test
  void a_checkpoint_is_sent_only_when_replay_would_pass_its_bound_and_then_only_its_new_pages()
      throws IOException {
    SourceNode node = node(60_000);
    Backup.Result first = backup(node.cold());
    node.pay(60_000);

    Backup.Result within = backup(vault, node.cold(), new Backup.Options(200_000, 0, 2));
    assertThat(within.checkpointOp()).isZero();
    assertThat(within.manifest().checkpoints()).isEqualTo(first.manifest().checkpoints());

    Backup.Result beyond = backup(vault, node.cold(), new Backup.Options(30_000, 0, 2));
    assertThat(beyond.checkpointOp()).isGreaterThan(first.checkpointOp());
    assertThat(beyond.manifest().checkpoints()).hasSize(2);
    List<String> before = first.manifest().checkpoints().getFirst().objects();
    assertThat(beyond.manifest().checkpoints().getLast().objects())
        .containsAnyElementsOf(before)
        .hasSizeGreaterThan(before.size());
    assertRestores(beyond.manifest(), node);
  }

  @Test
  void what_the_repository_lost_is_sent_again() throws IOException {
    SourceNode node = node(60_000);
    Backup.Result first = backup(node.cold());
    String lost = first.manifest().segments().get(1).pieces().get(2).object();
    String pages = first.manifest().checkpoints().getFirst().map();
    shelf.lose(lost);
    shelf.lose(pages);

    Backup.Result second = backup(node.cold());

    assertThat(shelf.names()).contains(lost, pages);
    assertRestores(second.manifest(), node);
    assertRestores(first.manifest(), node);
  }

  @Test
  void another_ledger_in_the_repository_is_left_alone() throws IOException {
    SourceNode node = node(20_000);
    SourceNode other = SourceNode.create(temporary.resolve("other"), 2, SEGMENT_BYTES);
    other.pay(20_000);
    Backup.Result first = backup(node.cold());

    Backup.Result second = backup(other.cold());

    assertThat(second.reusedBytes()).isZero();
    assertThat(second.manifest().before()).isEmpty();
    assertRestores(first.manifest(), node);
    assertRestores(second.manifest(), other);
  }

  @Test
  void of_another_branch_only_what_is_common_is_reused() throws IOException {
    SourceNode node = node(60_000);
    SourceNode copy = copy(node, temporary.resolve("copy"));
    node.pay(20_000);
    Backup.Result living = backup(node.cold());
    SourceNode restored = goOnElsewhere(copy, 25);
    restored.pay(20_000);

    Backup.Result branch = backup(restored.cold());

    assertRestores(branch.manifest(), restored);
    assertThat(branch.reusedBytes()).isPositive();
    assertThat(branch.manifest().checkpoints())
        .allSatisfy(ref -> assertThat(ref.op()).isLessThanOrEqualTo(branch.manifest().lastOp()));
    assertThat(objects(branch.manifest()))
        .containsAnyElementsOf(objects(living.manifest()))
        .isNotEqualTo(objects(living.manifest()));
    node.pay(2_000);
    assertRestores(backup(node.cold()).manifest(), node);
    assertRestores(backup(restored.cold()).manifest(), restored);
  }

  private static List<String> objects(BackupManifest manifest) {
    return manifest.segments().stream()
        .flatMap(segment -> segment.pieces().stream())
        .map(PieceRef::object)
        .toList();
  }

  private static SourceNode copy(SourceNode node, Path to) throws IOException {
    SourceNode copy =
        SourceNode.create(to, node.lineage(), SourceNode.GROUP, SEGMENT_BYTES, node.dataKey());
    Files.createDirectories(copy.places().segments());
    for (Path file : node.segments()) {
      Files.copy(file, copy.places().segments().resolve(file.getFileName()));
    }
    return copy;
  }

  /** Cut after an op, as a restore does it, and with a branch of its own from there. */
  private static SourceNode goOnElsewhere(SourceNode node, long op) throws IOException {
    JournalCut.End end = JournalCut.after(DISK, node.places().segments(), node.dataKey(), op);
    List<Branch> branches = new ArrayList<>(node.lineage().branches());
    branches.add(new Branch(2, UInt128.of(77), op + 1, HexFormat.of().formatHex(end.chain())));
    return node.in(new Lineage(node.lineage().ledgerId(), branches), new UUID(5, 5));
  }

  @Test
  void a_listing_that_hides_a_manifest_or_objects_costs_nothing_but_time() throws IOException {
    SourceNode node = node(60_000);
    Backup.Result first = backup(node.cold());
    Backup.Result second = backup(node.cold());
    repository.hide(name -> name.equals(first.name()) || name.startsWith("objects/"));

    Backup.Result third = backup(node.cold());
    assertThat(third.manifest().before()).containsExactlyInAnyOrder(first.name(), second.name());

    repository.hide(name -> name.startsWith("backups/"));
    Backup.Result blind = backup(node.cold());
    assertThat(blind.manifest().sentBytes()).isZero();
    assertThat(repository.puts()).doesNotHaveDuplicates();
    assertRestores(blind.manifest(), node);
  }
}
