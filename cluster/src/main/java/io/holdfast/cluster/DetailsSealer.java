package io.holdfast.cluster;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.holdfast.journal.DetailsCipher;
import io.holdfast.journal.DetailsKey;
import io.holdfast.journal.DetailsKeys;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.DetailsKeyName;
import io.holdfast.ledger.Records128;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.RequestKind;
import io.holdfast.ledger.SealedDetails;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Seals the details of requests before these enter the log, so that neither log nor journal ever
 * holds details that the destruction of a key would not erase. For the submission thread.
 *
 * <p>A transfer that is sent again has its details sealed under the key that they were sealed under
 * the first time: then the rules can compare them, and its repetition does not outlive it. If that
 * key is destroyed, what the repetition brings is not kept at all: it gets the head of the details
 * that were erased, and zeros.
 */
final class DetailsSealer {
  private final DetailsKeys keys;
  private final DetailsKeyring keyring;
  private final Function<List<UInt128>, Map<UInt128, byte[]>> known;
  private final Map<DetailsKeyName, DetailsCipher> ciphers = new HashMap<>();
  private @Nullable DetailsCipher current;

  /**
   * @param known of some transfers, those that exist with sealed details, and these
   */
  DetailsSealer(
      DetailsKeys keys,
      DetailsKeyring keyring,
      Function<List<UInt128>, Map<UInt128, byte[]>> known) {
    this.keys = keys;
    this.keyring = keyring;
    this.known = known;
  }

  /** Gets ready for these requests; returns whether they can be sealed now. */
  boolean prepare(List<Waiting> requests) {
    ciphers.keySet().removeIf(keys::isDestroyed);
    Request first = requests.getFirst().request();
    if (first.kind() == RequestKind.DESTROY_DETAILS) {
      keyring.retire(Request.destroyedPeriod(MemorySegment.ofArray(first.bytes()), 0));
      return true;
    }
    for (Waiting waiting : requests) {
      if (waiting.request().hasDetails()) {
        DetailsKey key = keyring.ready();
        current = key == null ? null : cipher(key.name());
        return current != null;
      }
    }
    return true;
  }

  /** The request with its details sealed; itself when it has none. */
  Request seal(Request request) {
    if (!request.hasDetails()) {
      return request;
    }
    byte[] from = request.bytes();
    MemorySegment plain = MemorySegment.ofArray(from);
    int count = request.eventCount();
    int lengthsAt = Request.HEADER_BYTES + count * Request.EVENT_BYTES;
    Map<UInt128, byte[]> before = known.apply(idsWithDetails(plain, count, lengthsAt));
    byte[] into = new byte[request.sealedBytes()];
    MemorySegment sealed = MemorySegment.ofArray(into);
    System.arraycopy(from, 0, into, 0, lengthsAt);
    int at = lengthsAt + 2 * count;
    int intoAt = at;
    for (int i = 0; i < count; i++) {
      int length = Short.toUnsignedInt(plain.get(JAVA_SHORT_UNALIGNED, lengthsAt + 2L * i));
      int sealedLength = 0;
      if (length > 0) {
        UInt128 id = id(plain, i);
        byte[] first = before.get(id);
        DetailsKeyName name =
            first == null ? null : DetailsKeyName.read(MemorySegment.ofArray(first), 0);
        DetailsCipher cipher = name == null ? null : cipher(name);
        if (first != null && name != null && keys.isDestroyed(name)) {
          System.arraycopy(first, 0, into, intoAt, SealedDetails.HEAD_BYTES);
        } else {
          orCurrent(cipher).seal(id.hi(), id.lo(), from, at, length, into, intoAt);
        }
        sealedLength = SealedDetails.HEAD_BYTES + length;
      }
      sealed.set(JAVA_SHORT_UNALIGNED, lengthsAt + 2L * i, (short) sealedLength);
      at += length;
      intoAt += sealedLength;
    }
    sealed.set(JAVA_SHORT_UNALIGNED, Request.FLAGS_AT, Request.FLAG_SEALED_DETAILS);
    sealed.set(JAVA_INT_UNALIGNED, Request.DETAILS_BYTES_AT, intoAt - lengthsAt - 2 * count);
    return Request.ofSealed(into);
  }

  private static List<UInt128> idsWithDetails(MemorySegment request, int count, int lengthsAt) {
    List<UInt128> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (request.get(JAVA_SHORT_UNALIGNED, lengthsAt + 2L * i) != 0) {
        ids.add(id(request, i));
      }
    }
    return ids;
  }

  private static UInt128 id(MemorySegment request, int event) {
    return Records128.read(request, Request.HEADER_BYTES + (long) event * Request.EVENT_BYTES);
  }

  private DetailsCipher orCurrent(@Nullable DetailsCipher first) {
    DetailsCipher cipher = first == null ? current : first;
    if (cipher == null) {
      throw new IllegalStateException("details are sealed after they were prepared for");
    }
    return cipher;
  }

  /** Null when the key is destroyed or not here. */
  private @Nullable DetailsCipher cipher(DetailsKeyName name) {
    DetailsCipher known = ciphers.get(name);
    if (known != null) {
      return known;
    }
    DetailsKey key = keys.find(name);
    DetailsCipher made = key == null ? null : key.cipher();
    if (made == null || keys.isDestroyed(name)) {
      return null; // if it was destroyed meanwhile, what was made of it may be wrong
    }
    ciphers.put(name, made);
    return made;
  }
}
