package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which pages a checkpoint consists of, and where each lies; from it and the objects that it names
 * the checkpoint can be made again. Immutable: nobody changes the arrays.
 *
 * <pre>
 *  0 magic "HFPM" (4)   4 version = 1 (4)   8 pages (4)   12 objects (4)   16 bytes of frame (4)
 * 20 frame
 *    objects, each: length of its name (2), its name in ASCII
 *    pages, each: SHA-256 of the page (32), number of its object (4), its place there (4)
 * </pre>
 *
 * Little-endian.
 *
 * @param frame header and footer of the checkpoint, as {@code CheckpointPages} gives them
 * @param objects names of the {@link ObjectKind#PAGES} objects that are needed
 * @param digests of all pages, one behind the other
 * @param objectOf by page: which of the objects
 * @param placeOf by page: which page of that object
 */
@SuppressWarnings("ArrayRecordComponent") // as long as there are pages: a list would take ten times
public record PageMap(
    byte[] frame, List<String> objects, byte[] digests, int[] objectOf, int[] placeOf) {
  static final int DIGEST_BYTES = 32;

  /** What an object of pages holds at most: 4 MiB. */
  public static final int OBJECT_PAGES_MAX = 1024;

  private static final int MAGIC = 'H' | 'F' << 8 | 'P' << 16 | 'M' << 24;
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 20;
  private static final int PAGE_BYTES = DIGEST_BYTES + 8;

  public PageMap {
    objects = List.copyOf(objects);
  }

  public int pages() {
    return objectOf.length;
  }

  /** The object with a page. */
  public String object(int page) {
    return objects.get(objectOf[page]);
  }

  /** The page's place within its object. */
  public int place(int page) {
    return placeOf[page];
  }

  /** SHA-256 of a page. */
  public byte[] digest(int page) {
    return Arrays.copyOfRange(digests, page * DIGEST_BYTES, (page + 1) * DIGEST_BYTES);
  }

  byte[] encode() {
    int names = objects.stream().mapToInt(name -> 2 + name.length()).sum();
    ByteBuffer to =
        ByteBuffer.allocate(
                Math.toIntExact(HEADER_BYTES + frame.length + names + (long) pages() * PAGE_BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(MAGIC).putInt(VERSION).putInt(pages()).putInt(objects.size()).putInt(frame.length);
    to.put(frame);
    for (String object : objects) {
      to.putShort((short) object.length()).put(object.getBytes(StandardCharsets.US_ASCII));
    }
    for (int page = 0; page < pages(); page++) {
      to.put(digests, page * DIGEST_BYTES, DIGEST_BYTES)
          .putInt(objectOf[page])
          .putInt(placeOf[page]);
    }
    return to.array();
  }

  /**
   * Reads a map back.
   *
   * @throws HoldfastException code {@code object-damaged}: it is not laid out as one
   */
  public static PageMap parse(byte[] content) {
    try {
      return parse(ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN));
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new HoldfastException(
          "object-damaged",
          "a map of pages is not laid out as one: " + e,
          "it may be of a later version of Holdfast",
          e);
    }
  }

  private static PageMap parse(ByteBuffer from) {
    if (from.getInt() != MAGIC || from.getInt() != VERSION) {
      throw new IllegalArgumentException("its beginning");
    }
    int pages = from.getInt();
    int count = from.getInt();
    byte[] frame = new byte[within(from, from.getInt(), 1)];
    from.get(frame);
    List<String> objects = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] name = new byte[Short.toUnsignedInt(from.getShort())];
      from.get(name);
      objects.add(new String(name, StandardCharsets.US_ASCII));
    }
    within(from, pages, PAGE_BYTES);
    byte[] digests = new byte[pages * DIGEST_BYTES];
    int[] objectOf = new int[pages];
    int[] placeOf = new int[pages];
    for (int page = 0; page < pages; page++) {
      from.get(digests, page * DIGEST_BYTES, DIGEST_BYTES);
      objectOf[page] = from.getInt();
      placeOf[page] = from.getInt();
      if (objectOf[page] < 0 || objectOf[page] >= count || placeOf[page] < 0) {
        throw new IllegalArgumentException("the place of page " + page);
      }
    }
    if (from.hasRemaining()) {
      throw new IllegalArgumentException("its end");
    }
    return new PageMap(frame, objects, digests, objectOf, placeOf);
  }

  /** A number of things of some size that can be there still. */
  private static int within(ByteBuffer from, int number, int sizeBytes) {
    if (number < 0 || (long) number * sizeBytes > from.remaining()) {
      throw new IllegalArgumentException("its lengths");
    }
    return number;
  }
}
