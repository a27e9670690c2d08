package io.holdfast.journal;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One record of the site's log: what was done or happened on a node, by whom. Its numbers rise by
 * one within a log.
 *
 * <pre>
 *  0 magic "HFAC" (4)   4 version = 1 (2)   6 fields (2)   8 number (8)   16 time (8)
 * 24 kind, actor, then name and value of each field: each length (2) and UTF-8
 * </pre>
 *
 * @param timeNanos since 1970 by the node's own clock, when it was handed over
 * @param node on which it happened; stored once, in the header of its file
 * @param kind the label of an {@link ActKind}
 */
public record Act(
    long number,
    long timeNanos,
    String node,
    String kind,
    String actor,
    Map<String, String> fields) {
  /** Enough to say what was done; a document belongs elsewhere. */
  public static final int FIELDS_MAX = 16;

  /** Longer values are cut: with all fields an act still fits a frame. */
  public static final int VALUE_BYTES_MAX = 800;

  static final int NAME_BYTES_MAX = 64;
  private static final int MAGIC = 'H' | 'F' << 8 | 'A' << 16 | 'C' << 24;
  private static final short VERSION = 1;
  private static final int HEADER_BYTES = 24;
  private static final String CUT = "…";

  public Act {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** An act as it will be stored: what is too long is cut. */
  static Act of(
      long number, long timeNanos, String node, String kind, String actor, String... fields) {
    check(fields);
    Map<String, String> named = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      named.put(cut(fields[i], NAME_BYTES_MAX), cut(fields[i + 1], VALUE_BYTES_MAX));
    }
    return new Act(
        number, timeNanos, node, cut(kind, NAME_BYTES_MAX), cut(actor, VALUE_BYTES_MAX), named);
  }

  /** Names and values in turns, and not too many: everything else is a fault of the caller. */
  static void check(String... fields) {
    if (fields.length % 2 != 0 || fields.length > 2 * FIELDS_MAX) {
      throw new IllegalArgumentException(
          fields.length + " texts; allowed: name and value of up to " + FIELDS_MAX + " fields");
    }
  }

  private static String cut(String text, int bytesMax) {
    if (utf8(text).length <= bytesMax) {
      return text;
    }
    int end = Math.min(text.length(), bytesMax);
    while (utf8(text.substring(0, end)).length > bytesMax - utf8(CUT).length) {
      end = text.offsetByCodePoints(end, -1);
    }
    return text.substring(0, end) + CUT;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  byte[] encode() {
    List<byte[]> texts = new ArrayList<>(List.of(utf8(kind), utf8(actor)));
    fields.forEach(
        (name, value) -> {
          texts.add(utf8(name));
          texts.add(utf8(value));
        });
    int size = HEADER_BYTES + texts.stream().mapToInt(text -> 2 + text.length).sum();
    ByteBuffer to =
        ByteBuffer.allocate(size)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(MAGIC)
            .putShort(VERSION)
            .putShort((short) fields.size())
            .putLong(number)
            .putLong(timeNanos);
    texts.forEach(text -> to.putShort((short) text.length).put(text));
    return to.array();
  }

  static @Nullable Act parse(byte[] bytes, String node) {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try {
      if (from.getInt() != MAGIC || from.getShort() != VERSION) {
        return null;
      }
      int count = Short.toUnsignedInt(from.getShort());
      long number = from.getLong();
      long time = from.getLong();
      String kind = text(from);
      String actor = text(from);
      Map<String, String> fields = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        String name = text(from);
        fields.put(name, text(from));
      }
      return from.hasRemaining() ? null : new Act(number, time, node, kind, actor, fields);
    } catch (BufferUnderflowException e) {
      return null;
    }
  }

  private static String text(ByteBuffer from) {
    byte[] text = new byte[Short.toUnsignedInt(from.getShort())];
    from.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** The next value of a log's chain. */
  static byte[] chain(byte[] before, byte[] content) {
    byte[] digest = Chain.sha256().digest(content);
    byte[] both = Arrays.copyOf(before, before.length + digest.length);
    System.arraycopy(digest, 0, both, before.length, digest.length);
    return Chain.sha256().digest(both);
  }
}
