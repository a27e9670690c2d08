package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A long stream is found to its end in few reads, and just as well without what helps with that.
 */
class TailGroupTest {
  private static final int TAILS = 3 * TailGroup.ROWS_MAX + 20;

  @TempDir Path temporary;

  private final ShelfRepository shelf = new ShelfRepository(() -> 0);
  private final Vault vault = new Vault(shelf, RepositoryKeys.create());
  private final List<Tail> sent = new ArrayList<>();
  private SourceNode node;
  private TailStream stream;
  private long backedUpTo;

  /** As the stream of a busy node: a tail for each few ops. */
  @BeforeEach
  void make() throws IOException {
    node = SourceNode.create(temporary.resolve("n1"), 1, 1 << 20).withAccounts(100);
    node.pay(100);
    BackupManifest manifest =
        Backup.run(vault, node.cold(), Backup.Options.USUAL, new SystemClock(), Telling.NONE)
            .manifest();
    backedUpTo = manifest.lastOp();
    try (SourceNode.Running running = node.new Running(SystemDisk.INSTANCE)) {
      for (int i = 0; i < 2 * TAILS; i++) {
        running.pay(1);
      }
      running.settle();
    }
    BackupSource source = node.cold();
    long whole = Objects.requireNonNull(source.open()).syncedBytes();
    AtomicLong synced = new AtomicLong(whole);
    stream = new TailStream(vault, SeenSource.upTo(source, synced::get), SystemDisk.INSTANCE);
    assertThat(stream.find()).isTrue();
    synced.set(Objects.requireNonNull(stream.at()).offset());
    long step = (whole - synced.get()) / (TAILS + TAILS / 2);
    while (tails() < TAILS) {
      assertThat(synced.addAndGet(step)).isLessThan(whole);
      stream.step();
    }
  }

  private int tails() {
    long next = Objects.requireNonNull(stream.at()).nextOp();
    Tails tails = new Tails(vault, node.lineage().current().id());
    long from = sent.isEmpty() ? backedUpTo : sent.getLast().lastOp();
    if (next > from + 1) {
      var _ = tails.follow(from, sent::add);
    }
    return sent.size();
  }

  private TailStream.Place found() {
    TailStream other = new TailStream(vault, node.cold(), SystemDisk.INSTANCE);
    assertThat(other.find()).isTrue();
    return Objects.requireNonNull(other.at());
  }

  private List<String> groups() {
    Tails tails = new Tails(vault, node.lineage().current().id());
    return sent.stream().map(tail -> tails.groupName(tail.firstOp())).filter(shelf::has).toList();
  }

  @Test
  void another_node_finds_the_end_of_many_tails_in_few_reads() {
    assertThat(groups()).hasSize(3);
    int before = shelf.gets();
    assertThat(found()).isEqualTo(stream.at());
    assertThat(shelf.gets() - before).isLessThan(TAILS / 3);
  }

  @Test
  void a_group_says_of_each_tail_what_it_holds() {
    Tails tails = new Tails(vault, node.lineage().current().id());
    List<TailGroup.Row> rows = new ArrayList<>();
    for (long next = backedUpTo + 1; !tails.rows(next).isEmpty(); ) {
      rows.addAll(tails.rows(next));
      next = rows.getLast().lastOp() + 1;
    }
    assertThat(rows).isEqualTo(sent.stream().map(TailGroup.Row::of).toList());
  }

  @Test
  void without_groups_and_with_damaged_ones_the_end_is_the_same() {
    List<String> groups = groups();
    shelf.lose(groups.getFirst());
    shelf.replace(groups.get(1), new byte[] {1});
    assertThat(found()).isEqualTo(stream.at());
    groups.forEach(shelf::lose);
    assertThat(found()).isEqualTo(stream.at());
  }

  @Test
  void a_tail_that_is_gone_is_named_by_who_restores() {
    String lost =
        new Tails(vault, node.lineage().current().id()).name(sent.get(TAILS / 2).firstOp());
    shelf.lose(lost);
    HoldfastException e =
        catchThrowableOfType(
            HoldfastException.class,
            () ->
                Restore.plan(List.of(vault), new RestoreTarget.End(), "")
                    .into(temporary.resolve("restored"), Telling.NONE));
    assertThat(e.message()).contains(lost);
  }

  @Test
  void half_a_group_is_none() {
    Tails tails = new Tails(vault, node.lineage().current().id());
    byte[] whole =
        new TailGroup(node.lineage().current().id(), tails.rows(backedUpTo + 1)).encode();
    assertThat(TailGroup.decode("g", whole).rows()).hasSize(TailGroup.ROWS_MAX);
    for (int length = 0; length < whole.length; length += 7) {
      byte[] cut = Arrays.copyOf(whole, length);
      HoldfastException e =
          catchThrowableOfType(HoldfastException.class, () -> TailGroup.decode("g", cut));
      assertThat(e.code()).as("%d bytes", length).isEqualTo("object-damaged");
    }
    whole[24 + 48] ^= 1; // the second tail's first op: they do not follow each other
    HoldfastException e =
        catchThrowableOfType(HoldfastException.class, () -> TailGroup.decode("g", whole));
    assertThat(e.code()).isEqualTo("object-damaged");
  }
}
