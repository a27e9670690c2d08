package io.holdfast.cluster;

import io.holdfast.journal.DataKey;
import io.holdfast.kernel.Invariants;
import io.holdfast.kernel.UInt128;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals payloads before they enter the log, so that what consensus stores and sends shows no
 * payment: AES-256-GCM under a key of this node's boot, the sequence as nonce. A sequence is used
 * once: going back breaks an invariant, for a nonce used twice would give the key's secrets away.
 *
 * <p>For one thread. {@link Opener} is the other side.
 */
public final class Seal {
  /** Bytes that sealing adds at most. */
  public static final int OVERHEAD_BYTES = SealedHeader.BYTES + SealedHeader.TAG_BYTES;

  private final byte[] keyId;
  private final SecretKey key;
  private final long nodeNumber;
  private final long boot;
  private final Cipher cipher;
  private byte[] packed = new byte[0];
  private long lastSequence = -1;

  /**
   * @param boot a fresh random number per start of the node
   */
  public Seal(DataKey dataKey, UInt128 ledgerId, String nodeId, long boot) {
    this.keyId = dataKey.keyId();
    this.nodeNumber = SealedHeader.nodeNumber(nodeId);
    this.boot = boot;
    this.key = dataKey.derive(SealedHeader.info(ledgerId, nodeNumber, boot));
    this.cipher = newCipher();
  }

  /**
   * Seals the first {@code length} bytes of {@code plain}.
   *
   * @param sequence from 0 on, larger than at the call before
   * @return at most {@code length} + {@value #OVERHEAD_BYTES} bytes, header first
   */
  public byte[] seal(long sequence, byte[] plain, int length) {
    Invariants.check(sequence > lastSequence, "sealed sequences only grow");
    lastSequence = sequence;
    if (packed.length < PackedWords.room(length)) {
      packed = new byte[PackedWords.room(length)];
    }
    int packedLength = PackedWords.pack(plain, length, packed);
    return packedLength < length
        ? seal(SealedHeader.PACKED, sequence, packed, packedLength)
        : seal(SealedHeader.PLAIN, sequence, plain, length);
  }

  private byte[] seal(byte version, long sequence, byte[] content, int length) {
    byte[] sealed = new byte[OVERHEAD_BYTES + length];
    ByteBuffer header = SealedHeader.on(sealed);
    header.putInt(0, SealedHeader.MAGIC);
    header.put(SealedHeader.VERSION_AT, version);
    header.put(SealedHeader.KEY_ID_AT, keyId);
    header.putLong(SealedHeader.NODE_AT, nodeNumber);
    header.putLong(SealedHeader.BOOT_AT, boot);
    header.putLong(SealedHeader.SEQUENCE_AT, sequence);
    try {
      cipher.init(
          Cipher.ENCRYPT_MODE,
          key,
          new GCMParameterSpec(SealedHeader.TAG_BYTES * 8, SealedHeader.nonce(sequence)));
      cipher.updateAAD(sealed, 0, SealedHeader.BYTES);
      int written = cipher.doFinal(content, 0, length, sealed, SealedHeader.BYTES);
      Invariants.check(
          written == length + SealedHeader.TAG_BYTES, "a sealed payload has its length and a tag");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot seal a payload", e);
    }
    return sealed;
  }

  static Cipher newCipher() {
    try {
      return Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES/GCM/NoPadding", e);
    }
  }
}
