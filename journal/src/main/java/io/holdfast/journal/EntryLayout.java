package io.holdfast.journal;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.holdfast.kernel.Limits;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.util.zip.CRC32C;

/**
 * The layout of an entry: one committed batch, what the ledger answered to each of its events, and
 * what it recorded where that is more than the event says.
 *
 * <pre>
 *  0 magic "HFJE" (4)      4 length (4)               8 CRC-32C of all from 12 on (4)
 * 12 version = 1 (2)      14 rules version (2)       16 op (8)    24 epoch (8)    32 time (8)
 * 40 kind (1), 0 (3)      44 requests (4)            48 events (4)
 * 52 length of the batch (4)                         56 outcomes (4)  60 created (4)
 * 64 Raft group (16)      80 Raft term (8)           88 Raft index (8)
 * 96 the batch as it came, then zeros up to a multiple of 8
 *  … an answer per event: status (1), original status (1); then zeros up to a multiple of 8
 *  … outcomes, each: event (4), 0 (4), amount it took from what was pending (16), record of the
 *    transfer as it is stored (128)
 * </pre>
 *
 * Little-endian. The chain covers all but the bytes from 0 to 11 and the Raft group, term and
 * index, so that it is the same at every site. A status of 255 is {@code created}. See
 * docs/formats/journal.md.
 */
final class EntryLayout {
  static final int MAGIC = 'H' | 'F' << 8 | 'J' << 16 | 'E' << 24;
  static final short VERSION = 1;

  static final int LENGTH_AT = 4;
  static final int CRC_AT = 8;
  static final int VERSION_AT = 12;
  static final int RULES_VERSION_AT = 14;
  static final int OP_AT = 16;
  static final int EPOCH_AT = 24;
  static final int TIME_AT = 32;
  static final int KIND_AT = 40;
  static final int REQUESTS_AT = 44;
  static final int EVENTS_AT = 48;
  static final int BATCH_LENGTH_AT = 52;
  static final int OUTCOMES_AT = 56;
  static final int CREATED_AT = 60;
  static final int GROUP_AT = 64;
  static final int TERM_AT = 80;
  static final int INDEX_AT = 88;
  static final int HEADER_BYTES = 96;

  static final int ANSWER_BYTES = 2;
  static final int CREATED = 255;
  static final int OUTCOME_RELEASED = 8;
  static final int OUTCOME_HEADER_BYTES = 24;
  static final int OUTCOME_BYTES = OUTCOME_HEADER_BYTES + 128;

  /** The largest entry: a full batch of which every event has an outcome. */
  static final int BYTES_MAX =
      sizeBytes(Limits.BATCH_BYTES_MAX, Limits.BATCH_EVENTS_MAX, Limits.BATCH_EVENTS_MAX);

  private EntryLayout() {}

  /** Bytes of an entry with a batch of this length, this many events and outcomes. */
  static int sizeBytes(int batchBytes, int events, int outcomes) {
    return outcomesAt(batchBytes, events) + outcomes * OUTCOME_BYTES;
  }

  static int answersAt(int batchBytes) {
    return HEADER_BYTES + padded(batchBytes);
  }

  static int outcomesAt(int batchBytes, int events) {
    return answersAt(batchBytes) + padded(events * ANSWER_BYTES);
  }

  static int padded(int bytes) {
    return (bytes + 7) & ~7;
  }

  static int crc(byte[] bytes, int at, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, at + VERSION_AT, length - VERSION_AT);
    return (int) crc.getValue();
  }

  /** Digests of an entry what the chain takes in. */
  static void updateChained(MessageDigest digest, byte[] bytes, int at, int length) {
    digest.update(bytes, at + VERSION_AT, GROUP_AT - VERSION_AT);
    digest.update(bytes, at + HEADER_BYTES, length - HEADER_BYTES);
  }

  static long longAt(MemorySegment entry, int field) {
    return entry.get(JAVA_LONG_UNALIGNED, field);
  }

  static int intAt(MemorySegment entry, int field) {
    return entry.get(JAVA_INT_UNALIGNED, field);
  }
}
