package io.holdfast.journal;

import io.holdfast.ledger.DetailsKeyName;
import io.holdfast.ledger.SealedDetails;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals and opens details under one key, in the way of SIV (RFC 5297): the tag, HMAC-SHA256 of the
 * transfer's id and the details, cut to 16 bytes, is what AES-256-CTR begins with. So the same
 * details of the same transfer give the same bytes, which is how a repetition is told from another
 * payment, and any others give others. For one thread.
 */
public final class DetailsCipher {
  private final DetailsKeyName name;
  private final SecretKey key;
  private final Mac tags;
  private final Cipher cipher;
  private final byte[] id = new byte[16];
  private final ByteBuffer idHalves = ByteBuffer.wrap(id).order(ByteOrder.LITTLE_ENDIAN);

  DetailsCipher(DetailsKeyName name, SecretKey tagKey, SecretKey key) {
    this.name = name;
    this.key = key;
    try {
      this.tags = Mac.getInstance("HmacSHA256");
      tags.init(tagKey);
      this.cipher = Cipher.getInstance("AES/CTR/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256 and AES-CTR", e);
    }
  }

  public DetailsKeyName name() {
    return name;
  }

  /**
   * Seals the details of a transfer as {@link SealedDetails} lays them out.
   *
   * @param idHi of the transfer's id
   * @param into takes {@link SealedDetails#HEAD_BYTES} more than {@code length}
   */
  public void seal(
      long idHi, long idLo, byte[] plain, int at, int length, byte[] into, int intoAt) {
    name.write(MemorySegment.ofArray(into), intoAt);
    int tagAt = intoAt + SealedDetails.TAG_AT;
    byte[] tag = tag(idHi, idLo, plain, at, length);
    System.arraycopy(tag, 0, into, tagAt, SealedDetails.TAG_BYTES);
    crypt(Cipher.ENCRYPT_MODE, tag, plain, at, length, into, intoAt + SealedDetails.HEAD_BYTES);
  }

  /** Opens sealed details; null when they are not those of this transfer under this key. */
  public byte @Nullable [] open(long idHi, long idLo, byte[] sealed) {
    int length = sealed.length - SealedDetails.HEAD_BYTES;
    byte[] tag = Arrays.copyOfRange(sealed, SealedDetails.TAG_AT, SealedDetails.HEAD_BYTES);
    byte[] plain = new byte[length];
    crypt(Cipher.DECRYPT_MODE, tag, sealed, SealedDetails.HEAD_BYTES, length, plain, 0);
    return MessageDigest.isEqual(tag, tag(idHi, idLo, plain, 0, length)) ? plain : null;
  }

  private byte[] tag(long idHi, long idLo, byte[] plain, int at, int length) {
    idHalves.putLong(0, idLo).putLong(8, idHi);
    tags.update(id);
    tags.update(plain, at, length);
    return Arrays.copyOf(tags.doFinal(), SealedDetails.TAG_BYTES);
  }

  private void crypt(
      int mode, byte[] tag, byte[] from, int at, int length, byte[] into, int intoAt) {
    try {
      cipher.init(mode, key, new IvParameterSpec(tag));
      cipher.doFinal(from, at, length, into, intoAt);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot seal or open details", e);
    }
  }
}
