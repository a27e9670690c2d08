package io.holdfast.journal;

import io.holdfast.kernel.Invariants;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.zip.CRC32C;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals and opens the frames of one file under its own key: AES-256-GCM.
 *
 * <p>The same content at the same place gives the same bytes, so that the files of all nodes of a
 * site are equal and can be compared, copied and stored once. The nonce is therefore not drawn but
 * derived from the content by HMAC-SHA256 under a second key: other content gives another nonce,
 * whatever happens to a file or to the node that writes it.
 *
 * <p>For one thread.
 */
final class FrameCipher {
  private final SecretKey key;
  private final Mac nonces;
  private final Cipher cipher;
  private final byte[] authentic = new byte[FrameLayout.AUTHENTIC_BYTES + 8];
  private final ByteBuffer place = ByteBuffer.wrap(authentic).order(ByteOrder.LITTLE_ENDIAN);
  private final byte[] contentNonce = new byte[32];

  /**
   * Derives both keys of a file.
   *
   * @param frameInfo what the key of its frames is derived with
   * @param nonceInfo what the key of its nonces is derived with
   */
  FrameCipher(DataKey dataKey, byte[] frameInfo, byte[] nonceInfo) {
    this.key = dataKey.derive(frameInfo);
    try {
      this.nonces = Mac.getInstance("HmacSHA256");
      nonces.init(new SecretKeySpec(dataKey.derive(nonceInfo).getEncoded(), "HmacSHA256"));
      this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM and HMAC-SHA256", e);
    }
  }

  /**
   * Seals content into as many frames as it needs.
   *
   * @param digest SHA-256 of what the content says
   * @param unchainedAt where in the content that lies which the digest leaves out
   * @param unchainedBytes how much that is; may be 0
   * @param into takes the frames from {@code at} on
   * @param offset where in the file the first frame will lie
   * @return bytes written
   */
  int seal(
      int kind,
      long op,
      byte[] digest,
      int unchainedAt,
      int unchainedBytes,
      byte[] content,
      int from,
      int length,
      byte[] into,
      int at,
      long offset) {
    nonces.update((byte) kind);
    nonces.update(digest);
    nonces.update(content, from + unchainedAt, unchainedBytes);
    try {
      nonces.doFinal(contentNonce, 0);
    } catch (ShortBufferException e) {
      throw new IllegalStateException("HMAC-SHA256 has 32 bytes", e);
    }
    int done = 0;
    int written = 0;
    int frame = 0;
    do {
      int part = Math.min(FrameLayout.CONTENT_BYTES_MAX, length - done);
      int flags =
          (done == 0 ? FrameLayout.FIRST : 0) | (done + part == length ? FrameLayout.LAST : 0);
      header(into, at + written, kind, flags, op, part, frame++);
      encrypt(content, from + done, part, into, at + written, offset + written);
      done += part;
      written += part + FrameLayout.OVERHEAD_BYTES;
    } while (done < length);
    return written;
  }

  private void header(byte[] into, int at, int kind, int flags, long op, int part, int frame) {
    ByteBuffer header =
        ByteBuffer.wrap(into, at, FrameLayout.HEADER_BYTES).slice().order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(FrameLayout.LENGTH_AT, part);
    header.put(FrameLayout.KIND_AT, (byte) kind);
    header.put(FrameLayout.FLAGS_AT, (byte) flags);
    header.putShort(6, (short) 0);
    header.putLong(FrameLayout.OP_AT, op);
    header.put(FrameLayout.NONCE_AT, contentNonce, 0, FrameLayout.NONCE_BYTES);
    int last = FrameLayout.NONCE_AT + FrameLayout.NONCE_BYTES - 4;
    header.putInt(last, header.getInt(last) ^ frame);
  }

  private void encrypt(byte[] content, int from, int length, byte[] into, int at, long offset) {
    try {
      cipher.init(Cipher.ENCRYPT_MODE, key, nonce(into, at));
      cipher.updateAAD(authentic(into, at, offset));
      int sealed = cipher.doFinal(content, from, length, into, at + FrameLayout.HEADER_BYTES);
      Invariants.check(
          sealed == length + FrameLayout.TAG_BYTES, "a frame has its content and a tag");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot seal a frame", e);
    }
    int crc = crc(into, at, length);
    for (int i = 0; i < 4; i++) {
      into[at + FrameLayout.CRC_AT + i] = (byte) (crc >>> (8 * i));
    }
  }

  /**
   * Opens the frame at {@code at}, whose checksum fits.
   *
   * @return whether its tag fits too; only then {@code into} holds its content
   */
  boolean open(byte[] frames, int at, int length, long offset, byte[] into, int intoAt) {
    try {
      cipher.init(Cipher.DECRYPT_MODE, key, nonce(frames, at));
      cipher.updateAAD(authentic(frames, at, offset));
      cipher.doFinal(
          frames, at + FrameLayout.HEADER_BYTES, length + FrameLayout.TAG_BYTES, into, intoAt);
      return true;
    } catch (AEADBadTagException e) {
      Arrays.fill(into, intoAt, intoAt + length, (byte) 0);
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot open a frame", e);
    }
  }

  /** The checksum that a frame with this much content should have. */
  static int crc(byte[] frames, int at, int length) {
    CRC32C crc = new CRC32C();
    crc.update(frames, at, FrameLayout.CRC_AT);
    crc.update(frames, at + FrameLayout.HEADER_BYTES, length + FrameLayout.TAG_BYTES);
    return (int) crc.getValue();
  }

  private static GCMParameterSpec nonce(byte[] frames, int at) {
    return new GCMParameterSpec(
        FrameLayout.TAG_BYTES * 8, frames, at + FrameLayout.NONCE_AT, FrameLayout.NONCE_BYTES);
  }

  private byte[] authentic(byte[] frames, int at, long offset) {
    System.arraycopy(frames, at, authentic, 0, FrameLayout.AUTHENTIC_BYTES);
    place.putLong(FrameLayout.AUTHENTIC_BYTES, offset);
    return authentic;
  }
}
