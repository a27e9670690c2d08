package io.holdfast.vault;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Pages by their digests, and where each lies. Sized for the pages of a large ledger: some 50 bytes
 * each. For one thread.
 */
final class KnownPages {
  private static final int NONE = -1;
  private static final int DIGEST_BYTES = PageMap.DIGEST_BYTES;

  private final List<String> objects = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private byte[] digests = new byte[64 * DIGEST_BYTES];
  private int[] objectOf = new int[64];
  private int[] placeOf = new int[64];
  private int[] table = emptied(new int[128]);
  private int size;

  /** The number of the page with this digest; -1 if it is not known. */
  int find(byte[] digest) {
    return table[slot(digest, 0)];
  }

  String object(int page) {
    return objects.get(objectOf[page]);
  }

  int place(int page) {
    return placeOf[page];
  }

  /** Takes in a page, unless its digest is known; gives its number. */
  int add(byte[] digest, String object, int place) {
    int slot = slot(digest, 0);
    if (table[slot] != NONE) {
      return table[slot];
    }
    if (size == objectOf.length) {
      grow();
      slot = slot(digest, 0);
    }
    System.arraycopy(digest, 0, digests, size * DIGEST_BYTES, DIGEST_BYTES);
    objectOf[size] = number(object);
    placeOf[size] = place;
    table[slot] = size;
    return size++;
  }

  private int number(String object) {
    Integer known = numbers.putIfAbsent(object, objects.size());
    if (known == null) {
      objects.add(object);
      return objects.size() - 1;
    }
    return known;
  }

  /** Where in the table a digest is, or would be. */
  private int slot(byte[] of, int at) {
    int slot = ByteBuffer.wrap(of).getInt(at) & table.length - 1;
    while (table[slot] != NONE && !isDigest(table[slot], of, at)) {
      slot = slot + 1 & table.length - 1;
    }
    return slot;
  }

  private boolean isDigest(int page, byte[] of, int at) {
    int from = page * DIGEST_BYTES;
    return Arrays.equals(digests, from, from + DIGEST_BYTES, of, at, at + DIGEST_BYTES);
  }

  private void grow() {
    int wider = Math.multiplyExact(objectOf.length, 2);
    digests = Arrays.copyOf(digests, Math.multiplyExact(wider, DIGEST_BYTES));
    objectOf = Arrays.copyOf(objectOf, wider);
    placeOf = Arrays.copyOf(placeOf, wider);
    table = emptied(new int[2 * table.length]);
    for (int page = 0; page < size; page++) {
      table[slot(digests, page * DIGEST_BYTES)] = page;
    }
  }

  private static int[] emptied(int[] slots) {
    Arrays.fill(slots, NONE);
    return slots;
  }
}
