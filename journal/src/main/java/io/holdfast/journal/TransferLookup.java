package io.holdfast.journal;

import io.holdfast.journal.MomentReader.Moment;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.DetailsForm;
import io.holdfast.ledger.TransferRecord;
import io.holdfast.ledger.TransferWithDetails;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds transfers by their ids over all history, the newest runs first. For one thread. */
final class TransferLookup {
  private final MomentReader reader;
  private final JournalHistory history;

  TransferLookup(MomentReader reader, JournalHistory history) {
    this.reader = reader;
    this.history = history;
  }

  /** All that exist, in the order asked, with details as they are stored. */
  List<TransferWithDetails> stored(List<UInt128> ids) {
    return reader.fromDisk(
        () -> {
          try (Moment<List<TransferWithDetails>> moment =
              reader.moment(
                  memory -> memory.transfersWithDetails(ids),
                  found -> found.size() == ids.size())) {
            PastView past = moment.past();
            return past == null ? moment.recent() : completed(ids, moment.recent(), past);
          }
        });
  }

  /** All that were found, in the order asked. */
  private List<TransferWithDetails> completed(
      List<UInt128> ids, List<TransferWithDetails> recent, PastView past) throws IOException {
    Map<UInt128, TransferWithDetails> known = new HashMap<>();
    recent.forEach(found -> known.put(found.transfer().id(), found));
    List<TransferWithDetails> found = new ArrayList<>(ids.size());
    for (UInt128 id : ids) {
      TransferWithDetails transfer = known.get(id);
      if (transfer == null) {
        transfer = find(past, id);
      }
      if (transfer != null) {
        found.add(transfer);
      }
    }
    return found;
  }

  private @Nullable TransferWithDetails find(PastView past, UInt128 id) throws IOException {
    long hash = history.hash().of(id.hi(), id.lo());
    long[] addresses = new long[3];
    for (int r = past.runs().size() - 1; r >= 0; r--) {
      if (past.runs().get(r).mayHave(id.hi(), id.lo(), hash)) {
        int count = past.cursor(r).find(id.hi(), id.lo(), addresses);
        for (int a = 0; a < count; a++) {
          long address = addresses[a];
          if (Address.kind(address) == Address.CREATED && Address.op(address) <= past.lastOp()) {
            EntryReader entry = past.entry(r, address);
            MemorySegment record = MemorySegment.ofArray(new byte[TransferRecord.BYTES]);
            entry.transfer(Address.event(address), record);
            EntryReader.StoredDetails details = entry.details(Address.event(address));
            return new TransferWithDetails(
                TransferRecord.read(record, 0),
                details.bytes(),
                details.sealed() ? DetailsForm.SEALED : DetailsForm.PLAIN);
          }
        }
      }
    }
    return null;
  }
}
