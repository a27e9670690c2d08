package io.holdfast.cluster;

import io.holdfast.journal.DataKey;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Opens what any node of the ledger sealed with {@link Seal}; a payload is given out whole and
 * unchanged, or not at all. For one thread.
 */
public final class Opener implements Payloads {
  /** Boots whose keys are kept; a key costs 32 bytes to keep and some microseconds to derive. */
  private static final int KEYS_MAX = 64;

  private final DataKey dataKey;
  private final UInt128 ledgerId;
  private final byte[] keyId;
  private final byte[] header = new byte[SealedHeader.BYTES];
  private final ByteBuffer fields = SealedHeader.on(header);
  private final Cipher cipher = Seal.newCipher();
  private byte[] scratch = new byte[0];
  private byte[] packed = new byte[0];
  private final Map<Origin, SecretKey> keys =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Origin, SecretKey> eldest) {
          return size() > KEYS_MAX;
        }
      };

  private record Origin(long nodeNumber, long boot) {}

  public Opener(DataKey dataKey, UInt128 ledgerId) {
    this.dataKey = dataKey;
    this.ledgerId = ledgerId;
    this.keyId = dataKey.keyId();
  }

  /**
   * Opens a payload; {@code sealed} keeps its position and limit.
   *
   * <p>The cipher is given arrays alone: handed a buffer that is read only, it makes room for as
   * much as the target holds at each call, which cost more than all else that a small batch needs.
   *
   * @param into takes the payload from its first byte on
   * @return the bytes of the payload
   * @throws HoldfastException code {@code wrong-data-key} when it was sealed under another key,
   *     {@code sealed-payload-version} when a newer version sealed it, {@code
   *     sealed-payload-damaged} for everything else
   */
  @Override
  public int open(ByteBuffer sealed, byte[] into) {
    int length = sealed.remaining() - Seal.OVERHEAD_BYTES;
    if (length < 0) {
      throw damaged("it has " + sealed.remaining() + " bytes, fewer than its header and tag", null);
    }
    sealed.get(sealed.position(), header);
    checkHeader();
    if (header[SealedHeader.VERSION_AT] == SealedHeader.PLAIN) {
      checkRoom(length, into);
      decrypt(sealed, into);
      return length;
    }
    if (packed.length < length + Long.BYTES) {
      packed = new byte[length + Long.BYTES];
    }
    decrypt(sealed, packed);
    long payload = PackedWords.length(packed, length);
    if (payload < 0 || payload > Integer.MAX_VALUE) {
      throw damaged("it is not packed as its header says", null);
    }
    checkRoom(payload, into);
    if (!PackedWords.unpack(packed, length, into)) {
      throw damaged("it is not packed as its header says", null);
    }
    return (int) payload;
  }

  private static void checkRoom(long length, byte[] into) {
    if (into.length < length) {
      throw new IllegalArgumentException(
          "the payload has " + length + " bytes, the target " + into.length);
    }
  }

  private void decrypt(ByteBuffer sealed, byte[] into) {
    Origin origin =
        new Origin(fields.getLong(SealedHeader.NODE_AT), fields.getLong(SealedHeader.BOOT_AT));
    SecretKey key =
        keys.computeIfAbsent(
            origin, o -> dataKey.derive(SealedHeader.info(ledgerId, o.nodeNumber(), o.boot())));
    byte[] nonce = SealedHeader.nonce(fields.getLong(SealedHeader.SEQUENCE_AT));
    try {
      cipher.init(
          Cipher.DECRYPT_MODE, key, new GCMParameterSpec(SealedHeader.TAG_BYTES * 8, nonce));
      cipher.updateAAD(header);
      int closed = sealed.remaining() - SealedHeader.BYTES;
      if (scratch.length < closed) {
        scratch = new byte[closed];
      }
      sealed.get(sealed.position() + SealedHeader.BYTES, scratch, 0, closed);
      cipher.doFinal(scratch, 0, closed, into, 0);
    } catch (AEADBadTagException e) {
      throw damaged("its tag does not fit its content", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot open a payload", e);
    }
  }

  /** The boot that sealed a payload, read from its clear header without any check. */
  public static long boot(ByteBuffer sealed) {
    return littleEndian(sealed).getLong(sealed.position() + SealedHeader.BOOT_AT);
  }

  /** The sequence of a payload, read from its clear header without any check. */
  public static long sequence(ByteBuffer sealed) {
    return littleEndian(sealed).getLong(sealed.position() + SealedHeader.SEQUENCE_AT);
  }

  private static ByteBuffer littleEndian(ByteBuffer sealed) {
    return sealed.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  private void checkHeader() {
    if (fields.getInt(0) != SealedHeader.MAGIC) {
      throw damaged("it does not begin with HFSL", null);
    }
    byte version = header[SealedHeader.VERSION_AT];
    if (version != SealedHeader.PLAIN && version != SealedHeader.PACKED) {
      throw new HoldfastException(
          "sealed-payload-version",
          "a sealed payload has version "
              + version
              + "; this version of Holdfast reads "
              + SealedHeader.PLAIN
              + " and "
              + SealedHeader.PACKED,
          "run the version that the other nodes run");
    }
    int end = SealedHeader.KEY_ID_AT + DataKey.KEY_ID_BYTES;
    if (!Arrays.equals(header, SealedHeader.KEY_ID_AT, end, keyId, 0, keyId.length)) {
      throw new HoldfastException(
          "wrong-data-key",
          "a payload is sealed under data key "
              + HexFormat.of().formatHex(header, SealedHeader.KEY_ID_AT, end)
              + "; this node has "
              + dataKey.keyIdHex(),
          "copy keys/data.key from another node of the ledger");
    }
  }

  private static HoldfastException damaged(String why, @Nullable Exception cause) {
    String message = "a sealed payload is damaged: " + why;
    String hint = "something changed it on disk or on the way; it is not used";
    return cause == null
        ? new HoldfastException("sealed-payload-damaged", message, hint)
        : new HoldfastException("sealed-payload-damaged", message, hint, cause);
  }
}
