package io.holdfast.client;

import io.holdfast.client.LedgerAccess.Answer;
import io.holdfast.client.Verdict.Reading;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountRecord;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferRecord;
import java.lang.foreign.MemorySegment;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/**
 * Reads the binary answer to a look-up: 128-byte records one after the other, in the order of the
 * ids asked for; the op and the lag are in headers.
 */
final class BinaryAnswers {
  private BinaryAnswers() {}

  static Reading<Answer<List<Account>>> accounts(List<UInt128> ids) {
    return (headers, body) -> answer(headers, rows(body, AccountRecord::read, ids, Account::id));
  }

  static Reading<Answer<List<Transfer>>> transfers(List<UInt128> ids) {
    return (headers, body) -> answer(headers, rows(body, TransferRecord::read, ids, Transfer::id));
  }

  private static <R> List<R> rows(
      byte[] body, RecordReader<R> reader, List<UInt128> ids, Function<R, UInt128> id) {
    if (body.length % AccountRecord.BYTES != 0) {
      throw JsonReader.malformed(
          body.length + " bytes are no whole number of records of " + AccountRecord.BYTES, null);
    }
    MemorySegment from = MemorySegment.ofArray(body);
    List<R> rows = new ArrayList<>(body.length / AccountRecord.BYTES);
    Iterator<UInt128> asked = ids.iterator();
    for (int at = 0; at < body.length; at += AccountRecord.BYTES) {
      R row = reader.read(from, at);
      boolean expected = false;
      while (!expected && asked.hasNext()) {
        expected = asked.next().equals(id.apply(row));
      }
      if (!expected) {
        throw JsonReader.malformed(id.apply(row).toId() + " was not asked for there", null);
      }
      rows.add(row);
    }
    return rows;
  }

  /** With the op and the lag as the headers say. */
  static <T> Answer<T> answer(HttpHeaders headers, T value) {
    return new Answer<>(
        value,
        number(headers, "Holdfast-Op"),
        number(headers, "Holdfast-Lag-Ops"),
        number(headers, "Holdfast-Lag-Millis"));
  }

  private static long number(HttpHeaders headers, String name) {
    try {
      return headers
          .firstValueAsLong(name)
          .orElseThrow(() -> JsonReader.malformed("the header " + name + " is missing", null));
    } catch (NumberFormatException e) {
      throw JsonReader.malformed("the header " + name + " is no number", e);
    }
  }

  private interface RecordReader<R> {
    R read(MemorySegment from, long at);
  }
}
