package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Batch;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.RequestKind;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import io.holdfast.ledger.TransferRecord;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What an entry says, against what the ledger says of the same batch. */
class EntryTest {
  private static final int RESOLVING =
      TransferFlags.POST_PENDING_TRANSFER | TransferFlags.VOID_PENDING_TRANSFER;

  @Test
  void an_entry_has_the_batch_as_it_came_and_each_answer() {
    try (LedgerRun run = new LedgerRun(3, 40)) {
      for (int i = 1; i <= 200; i++) {
        run.next();
        Entry entry = parse(run.entry());
        assertThat(entry.op()).isEqualTo(i);
        assertThat(entry.timeNanos()).isEqualTo(run.ledger.lastTimestamp());
        assertThat(entry.batch().mismatch(run.batch.asSlice(0, run.batchBytes))).isEqualTo(-1);
        assertThat(entry.requests()).isEqualTo(Batch.requestCount(run.batch));
        int created = 0;
        for (int event = 0; event < entry.events(); event++) {
          long at = (long) event * Reply.RESULT_BYTES;
          int status = run.results.get(ValueLayout.JAVA_INT_UNALIGNED, at + Reply.STATUS);
          created += status == -1 ? 1 : 0;
          assertThat(entry.status(event)).isEqualTo(status);
          assertThat(entry.originalStatus(event))
              .isEqualTo(run.results.get(ValueLayout.JAVA_INT_UNALIGNED, at + Reply.RESERVED));
          if (status == -1) {
            assertThat(entry.timestamp(event))
                .isEqualTo(run.results.get(ValueLayout.JAVA_LONG_UNALIGNED, at + Reply.TIMESTAMP));
          }
        }
        if (entry.kind() == EntryKind.BATCH) {
          assertThat(entry.created()).isEqualTo(created);
        }
      }
    }
  }

  @Test
  void events_and_outcomes_together_are_all_that_the_ledger_stores() {
    int released = 0;
    int resolved = 0;
    try (LedgerRun run = new LedgerRun(4, 40)) {
      for (int i = 1; i <= 300; i++) {
        run.next();
        Entry entry = parse(run.entry());
        Map<Integer, Transfer> outcomes = new HashMap<>();
        for (int o = 0; o < entry.outcomes(); o++) {
          outcomes.put(entry.outcomeEvent(o), entry.outcome(o));
        }
        if (entry.kind() == EntryKind.PULSE) {
          released += outcomes.size();
          outcomes.values().forEach(outcome -> assertReleases(run, outcome));
          continue;
        }
        for (Transfer stored : stored(entry, outcomes)) {
          resolved += (stored.flags() & RESOLVING) != 0 ? 1 : 0;
          assertThat(run.ledger.queries().transfers(List.of(stored.id()))).containsExactly(stored);
        }
      }
      assertThat(released).isGreaterThan(20);
      assertThat(resolved).isGreaterThan(20);
    }
  }

  private static void assertReleases(LedgerRun run, Transfer outcome) {
    Transfer pending = run.ledger.queries().transfers(List.of(outcome.id())).getFirst();
    assertThat(outcome.pendingId()).isEqualTo(pending.id());
    assertThat(outcome.amount()).isEqualTo(pending.amount());
    assertThat(outcome.timestamp())
        .isGreaterThanOrEqualTo(pending.timestamp() + pending.timeout() * 1_000_000_000L);
  }

  /** The transfers that an entry created, put together from it alone. */
  private static List<Transfer> stored(Entry entry, Map<Integer, Transfer> outcomes) {
    List<Transfer> stored = new ArrayList<>();
    entry.forEachEvent(
        (request, kind, event, at) -> {
          if (kind == RequestKind.CREATE_TRANSFERS && entry.status(event) == -1) {
            MemorySegment record = MemorySegment.ofArray(new byte[TransferRecord.BYTES]);
            MemorySegment.copy(entry.memory(), at, record, 0, TransferRecord.BYTES);
            record.set(
                ValueLayout.JAVA_LONG_UNALIGNED, TransferRecord.TIMESTAMP, entry.timestamp(event));
            Transfer outcome = outcomes.get(event);
            stored.add(outcome == null ? TransferRecord.read(record, 0) : outcome);
          }
        });
    return stored;
  }

  @Test
  void the_chain_leaves_out_consensus_and_nothing_else() {
    byte[] entry = LedgerRun.entries(5, 3, 3).getLast();
    byte[] chain = chainOf(entry);
    for (int at = 0; at < entry.length; at++) {
      byte[] changed = entry.clone();
      changed[at] ^= 1;
      boolean outside =
          at < EntryLayout.VERSION_AT
              || (at >= EntryLayout.GROUP_AT && at < EntryLayout.HEADER_BYTES);
      assertThat(Arrays.equals(chainOf(changed), chain)).as("byte %d", at).isEqualTo(outside);
      assertThat(Entry.parse(changed).entry()).as("byte %d", at).isNull();
    }
    assertThat(Chain.beginning(UInt128.of(1))).isNotEqualTo(Chain.beginning(UInt128.of(2)));
  }

  private static byte[] chainOf(byte[] entry) {
    Chain chain = new Chain(Chain.beginning(LedgerRun.LEDGER_ID));
    chain.add(entry, 0, entry.length);
    return chain.value();
  }

  private static Entry parse(byte[] bytes) {
    Entry.Parsed parsed = Entry.parse(bytes);
    assertThat(parsed.wrong()).isEmpty();
    return Objects.requireNonNull(parsed.entry());
  }
}
