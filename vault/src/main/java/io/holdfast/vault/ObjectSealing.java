package io.holdfast.vault;

import com.github.luben.zstd.Zstd;
import com.google.crypto.tink.StreamingAead;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Invariants;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns content into objects and back: compressed, then sealed so that a changed bit, a cut, or
 * another name is noticed. For any thread.
 *
 * <pre>
 * "HFO" 1        4 bytes
 * ciphertext     of a streaming AEAD (Tink AES256_GCM_HKDF_1MB), associated data
 *                "holdfast object 1:" and the object's name; inside is one zstd frame
 *                that says how large the content is
 * </pre>
 */
final class ObjectSealing {
  private static final byte[] MAGIC = {'H', 'F', 'O', 1};

  /** The fastest that still halves a journal. */
  static final int COMPRESSION_LEVEL = 1;

  /** An object is a piece of some MiB, or a list of such; more than this was never sealed. */
  static final int CONTENT_BYTES_MAX = 1 << 30;

  /** Of the streaming AEAD: of a segment, of the header of the first one, of each segment's tag. */
  private static final int SEGMENT_BYTES = 1 << 20;

  private static final int HEADER_BYTES = 1 + 32 + 7;
  private static final int TAG_BYTES = 16;

  private final StreamingAead aead;
  private final SpareBuffers buffers = new SpareBuffers();

  ObjectSealing(StreamingAead aead) {
    this.aead = aead;
  }

  byte[] seal(String name, byte[] content) {
    Invariants.check(content.length <= CONTENT_BYTES_MAX, "an object's content is at most 1 GiB");
    int bound = (int) Zstd.compressBound(content.length);
    byte[] frame = buffers.take(bound);
    int frameBytes = bound;
    try {
      long made =
          Zstd.compressByteArray(
              frame, 0, frame.length, content, 0, content.length, COMPRESSION_LEVEL);
      Invariants.check(!Zstd.isError(made), "content can be compressed");
      frameBytes = (int) made;
      Sink sink = new Sink(sealedBytes(frameBytes));
      sink.write(MAGIC, 0, MAGIC.length);
      try (OutputStream sealing = aead.newEncryptingStream(sink, associated(name))) {
        sealing.write(frame, 0, frameBytes);
      }
      return sink.bytes();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("sealing in memory cannot fail", e);
    } finally {
      buffers.giveBack(frame, frameBytes);
    }
  }

  byte[] open(String name, byte[] sealed) {
    if (!Arrays.equals(sealed, 0, Math.min(sealed.length, 4), MAGIC, 0, MAGIC.length)) {
      throw damaged(name, "it does not begin as an object does", null);
    }
    byte[] frame = buffers.take(sealed.length);
    int frameBytes = 0;
    try (InputStream opening =
        aead.newDecryptingStream(
            new ByteArrayInputStream(sealed, MAGIC.length, sealed.length - MAGIC.length),
            associated(name))) {
      int read;
      while ((read = opening.read(frame, frameBytes, frame.length - frameBytes)) > 0) {
        frameBytes += read;
      }
    } catch (GeneralSecurityException | IOException e) {
      buffers.giveBack(frame, frame.length);
      throw damaged(name, "it was changed, cut, or sealed by other keys or under another name", e);
    }
    try {
      return decompressed(name, frame, frameBytes);
    } finally {
      buffers.giveBack(frame, frameBytes);
    }
  }

  private static byte[] decompressed(String name, byte[] frame, int frameBytes) {
    long contentBytes = Zstd.getFrameContentSize(frame, 0, frameBytes);
    if (contentBytes < 0 || contentBytes > CONTENT_BYTES_MAX) {
      throw damaged(name, "what was sealed in it does not say a possible size", null);
    }
    byte[] content = new byte[(int) contentBytes];
    long got = Zstd.decompressByteArray(content, 0, content.length, frame, 0, frameBytes);
    if (got != contentBytes) {
      throw damaged(name, "what was sealed in it cannot be decompressed", null);
    }
    return content;
  }

  private static byte[] associated(String name) {
    return ("holdfast object 1:" + name).getBytes(StandardCharsets.US_ASCII);
  }

  /** How many bytes a sealed object has; no more than a hint, but an exact one saves a copy. */
  private static int sealedBytes(int frameBytes) {
    long segments = (frameBytes + (long) HEADER_BYTES) / (SEGMENT_BYTES - TAG_BYTES) + 1;
    return Math.toIntExact(MAGIC.length + HEADER_BYTES + frameBytes + segments * TAG_BYTES);
  }

  private static HoldfastException damaged(String name, String why, @Nullable Exception cause) {
    String hint = "take it from another repository; 'holdfast backup verify' says what else is";
    String message = "object " + name + " is damaged: " + why;
    return cause == null
        ? new HoldfastException("object-damaged", message, hint)
        : new HoldfastException("object-damaged", message, hint, cause);
  }

  /** Gives its bytes away without a copy when as many came as were announced. */
  private static final class Sink extends ByteArrayOutputStream {
    Sink(int bytes) {
      super(bytes);
    }

    byte[] bytes() {
      return count == buf.length ? buf : Arrays.copyOf(buf, count);
    }
  }
}
