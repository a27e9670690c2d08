package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.holdfast.kernel.Invariants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Finds the position of a record by its 128-bit id. Every id is in at most once; what the index
 * says is verified against the record itself, so a hash never decides.
 *
 * <p>Extendible hashing, off-heap: the top bits of the hash choose, through a directory, a page of
 * 512 slots with open addressing inside. A page that is three quarters full splits in two by the
 * next bit of the hash. So growth moves at most 512 slots at a time (about a microsecond, where
 * doubling one big table would stop payments for seconds), wastes no memory, and reads no record,
 * because a slot holds all hash bits that a split needs:
 *
 * <pre>
 * bits 63..36  tag: 28 bits of the hash, those after its top 6; the lower 9 are the home slot
 * bits 35..0   position of the record + 1; 0 in an empty slot
 * </pre>
 */
final class IdIndex {
  /** Says whose ids the index holds. */
  interface Ids {
    /** Whether the record at this position has this id. */
    boolean hasId(long position, long hi, long lo);
  }

  static final long NOT_FOUND = -1;

  /** Positions that fit into a slot. */
  static final long POSITION_MAX = (1L << 36) - 2;

  private static final int FIXED_BITS = 6;
  private static final int TAG_BITS = 28;
  private static final int TAG_SHIFT = 64 - FIXED_BITS - TAG_BITS;
  private static final int TAG_MASK = (1 << TAG_BITS) - 1;
  private static final int WORD_SHIFT = 64 - TAG_BITS;
  private static final long POSITION_MASK = (1L << WORD_SHIFT) - 1;
  private static final int PAGE_SLOTS = 512;
  private static final int SLOT_MASK = PAGE_SLOTS - 1;
  private static final int PAGE_BYTES = PAGE_SLOTS * Long.BYTES;
  private static final int SPLIT_AT = PAGE_SLOTS * 3 / 4;

  /** Bits of the hash that can choose a page: those a slot does not hold, and all but the home. */
  private static final int DEPTH_MAX = FIXED_BITS + TAG_BITS - 9;

  private final Ids ids;
  private final long seed;
  private final RecordStore pages;
  private final long[] moved = new long[PAGE_SLOTS];
  private int depth = FIXED_BITS;
  private int[] directory = new int[1 << FIXED_BITS];
  private byte[] pageDepth = new byte[1 << FIXED_BITS];
  private short[] pageCount = new short[1 << FIXED_BITS];
  private long size;

  /**
   * @param seed spreads ids, so that nobody can choose ids that all meet in one page
   * @param chunkShift as in {@link RecordStore}
   */
  IdIndex(Arena arena, Ids ids, long seed, int chunkShift) {
    this.ids = ids;
    this.seed = seed * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L;
    this.pages = new RecordStore(arena, PAGE_BYTES, chunkShift);
    for (int i = 0; i < directory.length; i++) {
      directory[i] = addPage(FIXED_BITS);
    }
  }

  /** The hash of an id, to be handed to the other methods. */
  long hash(long hi, long lo) {
    long h = (lo ^ seed) * 0xBF58476D1CE4E5B9L;
    h = (h ^ (h >>> 29) ^ hi) * 0x94D049BB133111EBL;
    h = (h ^ (h >>> 32)) * 0xD6E8FEB86659FD93L;
    return h ^ (h >>> 32);
  }

  /** Loads the slot where the search for this hash begins, so that a later search finds it near. */
  long touch(long hash) {
    int page = directory[(int) (hash >>> (64 - depth))];
    return slot(RecordStore.MEMORY, pages.at(page), tag(hash) & SLOT_MASK);
  }

  /** The position of the record with this id, or {@link #NOT_FOUND}. */
  long find(long hash, long hi, long lo) {
    int page = directory[(int) (hash >>> (64 - depth))];
    MemorySegment chunk = RecordStore.MEMORY;
    long base = pages.at(page);
    int tag = tag(hash);
    for (int i = tag & SLOT_MASK; ; i = (i + 1) & SLOT_MASK) {
      long word = slot(chunk, base, i);
      if (word == 0) {
        return NOT_FOUND;
      }
      if ((int) (word >>> WORD_SHIFT) == tag) {
        long position = (word & POSITION_MASK) - 1;
        if (ids.hasId(position, hi, lo)) {
          return position;
        }
      }
    }
  }

  long find(long hi, long lo) {
    return find(hash(hi, lo), hi, lo);
  }

  /** Adds an id that is known not to be in. */
  void insert(long hash, long position) {
    Invariants.check(position <= POSITION_MAX, "positions fit the index");
    int page = directory[(int) (hash >>> (64 - depth))];
    while (pageCount[page] >= SPLIT_AT) {
      split(hash);
      page = directory[(int) (hash >>> (64 - depth))];
    }
    put(page, (long) tag(hash) << WORD_SHIFT | (position + 1));
    size++;
  }

  /** Takes back an insertion. */
  void remove(long hash, long position) {
    int page = directory[(int) (hash >>> (64 - depth))];
    MemorySegment chunk = RecordStore.MEMORY;
    long base = pages.at(page);
    long wanted = (long) tag(hash) << WORD_SHIFT | (position + 1);
    int hole = tag(hash) & SLOT_MASK;
    while (true) {
      long word = slot(chunk, base, hole);
      Invariants.check(word != 0, "what is taken back from the index was in it");
      if (word == wanted) {
        break;
      }
      hole = (hole + 1) & SLOT_MASK;
    }
    closeHole(chunk, base, hole);
    pageCount[page]--;
    size--;
  }

  long size() {
    return size;
  }

  /** Forgets all ids; as many will find their pages ready. */
  void clear() {
    if (size == 0) {
      return;
    }
    for (long page = 0; page < pages.size(); page = pages.runEnd(page)) {
      pages.run(page).fill((byte) 0);
    }
    Arrays.fill(pageCount, (short) 0);
    size = 0;
  }

  /** Moves back what had to step over the hole, so that every search still ends at a free slot. */
  private static void closeHole(MemorySegment chunk, long base, int hole) {
    int free = hole;
    for (int i = (free + 1) & SLOT_MASK; ; i = (i + 1) & SLOT_MASK) {
      long word = slot(chunk, base, i);
      if (word == 0) {
        break;
      }
      int home = (int) (word >>> WORD_SHIFT) & SLOT_MASK;
      if (((i - home) & SLOT_MASK) >= ((i - free) & SLOT_MASK)) {
        setSlot(chunk, base, free, word);
        free = i;
      }
    }
    setSlot(chunk, base, free, 0);
  }

  private void split(long hash) {
    int page = directory[(int) (hash >>> (64 - depth))];
    int old = pageDepth[page];
    Invariants.check(old < DEPTH_MAX, "the index has room");
    if (old == depth) {
      doubleDirectory();
    }
    int span = 1 << (depth - old);
    int first = (int) (hash >>> (64 - depth)) & -span;
    pageDepth[page] = (byte) (old + 1);
    int sibling = addPage(old + 1);
    Arrays.fill(directory, first + span / 2, first + span, sibling);

    MemorySegment chunk = RecordStore.MEMORY;
    long base = pages.at(page);
    for (int i = 0; i < PAGE_SLOTS; i++) {
      moved[i] = slot(chunk, base, i);
    }
    chunk.asSlice(base, PAGE_BYTES).fill((byte) 0);
    pageCount[page] = 0;
    int bit = 63 - (old - FIXED_BITS);
    for (long word : moved) {
      if (word != 0) {
        put((word >>> bit & 1) == 0 ? page : sibling, word);
      }
    }
  }

  private void doubleDirectory() {
    int[] doubled = new int[directory.length * 2];
    for (int i = 0; i < doubled.length; i++) {
      doubled[i] = directory[i >>> 1];
    }
    directory = doubled;
    depth++;
  }

  private int addPage(int itsDepth) {
    int page = (int) pages.append();
    if (page == pageDepth.length) {
      pageDepth = Arrays.copyOf(pageDepth, page * 2);
      pageCount = Arrays.copyOf(pageCount, page * 2);
    }
    pageDepth[page] = (byte) itsDepth;
    return page;
  }

  private void put(int page, long word) {
    MemorySegment chunk = RecordStore.MEMORY;
    long base = pages.at(page);
    int i = (int) (word >>> WORD_SHIFT) & SLOT_MASK;
    while (slot(chunk, base, i) != 0) {
      i = (i + 1) & SLOT_MASK;
    }
    setSlot(chunk, base, i, word);
    pageCount[page]++;
  }

  private static int tag(long hash) {
    return (int) (hash >>> TAG_SHIFT) & TAG_MASK;
  }

  private static long slot(MemorySegment chunk, long base, int i) {
    return chunk.get(JAVA_LONG_UNALIGNED, base + ((long) i << 3));
  }

  private static void setSlot(MemorySegment chunk, long base, int i, long word) {
    chunk.set(JAVA_LONG_UNALIGNED, base + ((long) i << 3), word);
  }
}
