package io.holdfast.vault;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferRecord;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Corrections that one operator proposes and another may submit.
 *
 * @param ledgerId of the ledger that they are for
 * @param momentOp the op after which the ledger was looked at
 * @param momentNanos when that op came
 * @param proposer who proposes it
 * @param proposedNanos when
 * @param reason why
 * @param selection by what the transfers were selected, in words
 * @param code of the corrections that move money back
 */
public record CorrectionProposal(
    UInt128 ledgerId,
    long momentOp,
    long momentNanos,
    String proposer,
    long proposedNanos,
    String reason,
    String selection,
    int code,
    List<Correction> corrections) {
  public static final String FORMAT = "holdfast-correction-proposal 1";

  public CorrectionProposal {
    corrections = List.copyOf(corrections);
  }

  /** How much is taken back in one ledger, and so in one currency. */
  public record Sum(int reversals, BigInteger reversed, int voids, BigInteger released) {
    private static final Sum ZERO = new Sum(0, BigInteger.ZERO, 0, BigInteger.ZERO);

    private Sum with(Correction correction) {
      BigInteger amount = correction.original().amount().toBigInteger();
      return switch (correction.kind()) {
        case REVERSAL -> new Sum(reversals + 1, reversed.add(amount), voids, released);
        case VOID -> new Sum(reversals, reversed, voids + 1, released.add(amount));
      };
    }
  }

  /** The sums of each ledger, by its number. */
  public Map<Long, Sum> sums() {
    Map<Long, Sum> sums = new TreeMap<>();
    for (Correction correction : corrections) {
      long ledger = Integer.toUnsignedLong(correction.original().ledger());
      sums.put(ledger, sums.getOrDefault(ledger, Sum.ZERO).with(correction));
    }
    return sums;
  }

  /**
   * SHA-256 over all of it, in hex: the text of each field, each preceded by its length in bytes as
   * four bytes, most significant first; then original and correction of each, as the records of 128
   * bytes that the ledger keeps.
   */
  public String sha256() {
    MessageDigest digest = digest();
    for (String text :
        List.of(
            FORMAT,
            ledgerId.toHex(),
            Long.toString(momentOp),
            Long.toString(momentNanos),
            proposer,
            Long.toString(proposedNanos),
            reason,
            selection,
            Integer.toString(code))) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
      digest.update(bytes);
    }
    byte[] record = new byte[TransferRecord.BYTES];
    for (Correction correction : corrections) {
      for (Transfer transfer : List.of(correction.original(), correction.correction())) {
        TransferRecord.write(transfer, MemorySegment.ofArray(record), 0);
        digest.update(record);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
