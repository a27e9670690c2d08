package io.holdfast.gateway.rest;

import io.holdfast.kernel.UInt128;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes JSON straight into bytes: no tree, no binding, no text in between. For one thread.
 *
 * <p>Names and labels handed in as constants must be plain ASCII that needs no escaping; what comes
 * from outside goes through {@link #text}.
 */
final class JsonWriter {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes;
  private int size;
  private boolean comma;

  JsonWriter(int expectedBytes) {
    this.bytes = new byte[expectedBytes];
  }

  JsonWriter beginObject() {
    separate();
    put('{');
    comma = false;
    return this;
  }

  JsonWriter endObject() {
    put('}');
    comma = true;
    return this;
  }

  JsonWriter beginArray() {
    separate();
    put('[');
    comma = false;
    return this;
  }

  JsonWriter endArray() {
    put(']');
    comma = true;
    return this;
  }

  JsonWriter name(String name) {
    separate();
    quoted(name);
    put(':');
    comma = false;
    return this;
  }

  /** A word of ours, as a string. */
  JsonWriter label(String label) {
    separate();
    quoted(label);
    comma = true;
    return this;
  }

  /** Anything, as a string, escaped where JSON asks for it. */
  JsonWriter text(String text) {
    separate();
    put('"');
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      escaped(b);
    }
    put('"');
    comma = true;
    return this;
  }

  /** A number that fits 53 bits, as a number. */
  JsonWriter number(long value) {
    separate();
    ascii(Long.toString(value));
    comma = true;
    return this;
  }

  /** An unsigned 64-bit integer as a string of decimal digits. */
  JsonWriter decimal(long value) {
    separate();
    put('"');
    digits(value);
    put('"');
    comma = true;
    return this;
  }

  /** An id as {@link UInt128#toId()} writes it. */
  JsonWriter id(long hi, long lo) {
    if (hi == 0) {
      return decimal(lo);
    }
    separate();
    put('"');
    hex(hi);
    hex(lo);
    put('"');
    comma = true;
    return this;
  }

  JsonWriter id(UInt128 id) {
    return id(id.hi(), id.lo());
  }

  /** What was written, of the right length. */
  byte[] toBytes() {
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }

  private void separate() {
    if (comma) {
      put(',');
    }
  }

  private void quoted(String plain) {
    put('"');
    ascii(plain);
    put('"');
  }

  @SuppressWarnings("deprecation") // the one way to copy ASCII out of a String without an encoder
  private void ascii(String plain) {
    int length = plain.length();
    ensure(length);
    plain.getBytes(0, length, bytes, size);
    size += length;
  }

  private void digits(long unsigned) {
    if (unsigned < 0) {
      ascii(Long.toUnsignedString(unsigned));
      return;
    }
    int count = 1;
    for (long rest = unsigned; rest >= 10; rest /= 10) {
      count++;
    }
    ensure(count);
    int at = size + count;
    long rest = unsigned;
    do {
      bytes[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest != 0);
    size += count;
  }

  private void hex(long value) {
    ensure(16);
    for (int shift = 60; shift >= 0; shift -= 4) {
      bytes[size++] = HEX[(int) (value >>> shift) & 15];
    }
  }

  private void escaped(byte b) {
    switch (b) {
      case '"', '\\' -> {
        put('\\');
        put(b);
      }
      case '\n' -> ascii("\\n");
      default -> {
        if (b >= 0 && b < 0x20) {
          ascii("\\u00");
          put(HEX[b >> 4]);
          put(HEX[b & 15]);
        } else {
          put(b);
        }
      }
    }
  }

  private void put(int b) {
    ensure(1);
    bytes[size++] = (byte) b;
  }

  private void ensure(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
