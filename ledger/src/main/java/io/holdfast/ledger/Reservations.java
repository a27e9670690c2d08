package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.holdfast.kernel.UInt128;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pending transfers that are neither posted nor voided nor expired, each in a slot of its own,
 * which is free again afterwards. Which slot a reservation gets depends on history alone. A slot:
 *
 * <pre>
 *   0 record of the transfer as it is stored (128)
 * 128 number of the debit account (4)             132 number of the credit account (4)
 * 136 older, 140 newer reservation of the debit account: slot + 1, 0 for none (4 each)
 * 144 older, 148 newer reservation of the credit account (4 each)
 * 152 open: 1; resolved, but in a chain that may be taken back: 2; free: 0 (4)
 * 156 free: the slot + 1 that was free before it (4)
 * </pre>
 *
 * A free slot is zero but for its last field.
 */
final class Reservations implements IdIndex.Ids {
  static final int NOT_FOUND = (int) IdIndex.NOT_FOUND;

  static final int BYTES = 160;
  private static final int DEBIT = 128;
  private static final int CREDIT = 132;
  private static final int DEBIT_LINKS = 136;
  private static final int CREDIT_LINKS = 144;
  private static final int OLDER = 0;
  private static final int NEWER = 4;
  private static final int STATE = 152;
  private static final int FREE_BEFORE = 156;

  private static final int OPEN = 1;
  private static final int LEAVING = 2;

  private final AccountStore accounts;
  private final RecordStore slots;
  private final IdIndex index;
  private int lastFree; // slot + 1
  private int open;
  private boolean inChain;
  private @Nullable FrozenPages frozen;
  private int[] undo = new int[64]; // slot + 1 of one that came, or its negative of one that left
  private int undos;

  Reservations(Arena arena, AccountStore accounts, long seed, int chunkShift) {
    this.accounts = accounts;
    this.slots = new RecordStore(arena, BYTES, chunkShift);
    this.index = new IdIndex(arena, this, seed, chunkShift);
  }

  /** How many there are. */
  int open() {
    return open;
  }

  /** The slot of the reservation with this id, or {@link #NOT_FOUND}. */
  int find(long hi, long lo) {
    return (int) index.find(hi, lo);
  }

  /** Where the record in this slot begins. */
  long at(int slot) {
    return slots.at(slot);
  }

  int debit(int slot) {
    return word(slot, DEBIT);
  }

  int credit(int slot) {
    return word(slot, CREDIT);
  }

  /** Whether the slot holds the reservation that was made at this time. */
  boolean isOpen(int slot, long timestamp) {
    return word(slot, STATE) == OPEN
        && RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, at(slot) + TransferRecord.TIMESTAMP)
            == timestamp;
  }

  /** All slots there are, free ones included. */
  int slots() {
    return (int) slots.size();
  }

  RecordStore records() {
    return slots;
  }

  boolean isOpen(int slot) {
    return word(slot, STATE) == OPEN;
  }

  /**
   * Those of an account, the newest first.
   *
   * @param afterId the reservation made at {@code after}, if it is known: while it is open, those
   *     before it need not be passed
   */
  Page<Transfer> page(int account, int limit, long after, @Nullable UInt128 afterId) {
    List<Transfer> rows = new ArrayList<>();
    int next = firstAfter(account, after, afterId);
    while (next != 0 && rows.size() <= limit) {
      int slot = next - 1;
      long timestamp =
          RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, at(slot) + TransferRecord.TIMESTAMP);
      if (after == 0 || timestamp < after) {
        rows.add(TransferRecord.read(RecordStore.MEMORY, at(slot)));
      }
      next = word(slot, links(slot, account) + OLDER);
    }
    return Page.of(rows, limit, Transfer::timestamp);
  }

  private int firstAfter(int account, long after, @Nullable UInt128 afterId) {
    int slot = afterId == null ? NOT_FOUND : find(afterId.hi(), afterId.lo());
    boolean ofAccount =
        slot != NOT_FOUND
            && isOpen(slot, after)
            && (debit(slot) == account || credit(slot) == account);
    return ofAccount
        ? word(slot, links(slot, account) + OLDER)
        : accounts.newestReservation(account);
  }

  /** Keeps a pending transfer, whose record is stored at {@code from}; returns its slot. */
  int add(long from, int debit, int credit) {
    int slot = takeFree();
    beforeChange(slot);
    MemorySegment memory = RecordStore.MEMORY;
    long at = at(slot);
    MemorySegment.copy(memory, from, memory, at, TransferRecord.BYTES);
    memory.set(JAVA_INT_UNALIGNED, at + DEBIT, debit);
    memory.set(JAVA_INT_UNALIGNED, at + CREDIT, credit);
    memory.set(JAVA_INT_UNALIGNED, at + STATE, OPEN);
    enter(slot, debit, DEBIT_LINKS);
    enter(slot, credit, CREDIT_LINKS);
    index.insert(hash(slot), slot);
    open++;
    note(slot + 1);
    return slot;
  }

  /** Lets go of a reservation; its record stays readable until the event is over. */
  void remove(int slot) {
    leave(slot);
    if (inChain) {
      setWord(slot, STATE, LEAVING);
      note(-(slot + 1));
    } else {
      free(slot);
    }
  }

  /** Keeps everything as it is now for a reader, while it goes on changing. */
  void freeze(FrozenPages pages) {
    frozen = pages;
  }

  void thaw() {
    frozen = null;
  }

  int lastFree() {
    return lastFree;
  }

  /** Adds the next slot as it was read from a checkpoint. */
  void restore(MemorySegment from, long at) {
    int slot = (int) slots.append();
    MemorySegment.copy(from, at, RecordStore.MEMORY, at(slot), BYTES);
    if (isOpen(slot)) {
      index.insert(hash(slot), slot);
      open++;
    }
  }

  void restoreLastFree(int slot) {
    lastFree = slot;
  }

  void beginChain() {
    inChain = true;
    undos = 0;
  }

  void commitChain() {
    inChain = false;
    for (int i = 0; i < undos; i++) {
      if (undo[i] < 0) {
        free(-undo[i] - 1);
      }
    }
  }

  /** Takes back what happened since {@link #beginChain}. */
  void rollBackChain() {
    inChain = false;
    for (int i = undos - 1; i >= 0; i--) {
      if (undo[i] < 0) {
        comeBack(-undo[i] - 1);
      } else {
        leave(undo[i] - 1);
        free(undo[i] - 1);
      }
    }
  }

  private void comeBack(int slot) {
    setWord(slot, STATE, OPEN);
    relink(slot, debit(slot), DEBIT_LINKS);
    relink(slot, credit(slot), CREDIT_LINKS);
    index.insert(hash(slot), slot);
    open++;
  }

  private void leave(int slot) {
    index.remove(hash(slot), slot);
    unlink(slot, credit(slot), CREDIT_LINKS);
    unlink(slot, debit(slot), DEBIT_LINKS);
    open--;
  }

  private int takeFree() {
    if (lastFree == 0) {
      int slot = (int) slots.append();
      RecordStore.MEMORY.asSlice(at(slot), BYTES).fill((byte) 0);
      return slot;
    }
    int slot = lastFree - 1;
    lastFree = word(slot, FREE_BEFORE);
    setWord(slot, FREE_BEFORE, 0);
    return slot;
  }

  private void free(int slot) {
    beforeChange(slot);
    RecordStore.MEMORY.asSlice(at(slot), BYTES).fill((byte) 0);
    setWord(slot, FREE_BEFORE, lastFree);
    lastFree = slot + 1;
  }

  private void enter(int slot, int account, int links) {
    int newest = accounts.newestReservation(account);
    setWord(slot, links + OLDER, newest);
    setWord(slot, links + NEWER, 0);
    if (newest != 0) {
      setWord(newest - 1, links(newest - 1, account) + NEWER, slot + 1);
    }
    accounts.setNewestReservation(account, slot + 1);
  }

  private void unlink(int slot, int account, int links) {
    int older = word(slot, links + OLDER);
    int newer = word(slot, links + NEWER);
    join(older, newer, account);
  }

  /** Undoes {@link #unlink}, when all that happened since was undone before. */
  private void relink(int slot, int account, int links) {
    int older = word(slot, links + OLDER);
    int newer = word(slot, links + NEWER);
    join(older, slot + 1, account);
    join(slot + 1, newer, account);
  }

  private void join(int older, int newer, int account) {
    if (older != 0) {
      setWord(older - 1, links(older - 1, account) + NEWER, newer);
    }
    if (newer != 0) {
      setWord(newer - 1, links(newer - 1, account) + OLDER, older);
    } else {
      accounts.setNewestReservation(account, older);
    }
  }

  private int links(int slot, int account) {
    return debit(slot) == account ? DEBIT_LINKS : CREDIT_LINKS;
  }

  private void note(int change) {
    if (!inChain) {
      return;
    }
    if (undos == undo.length) {
      undo = Arrays.copyOf(undo, 2 * undos);
    }
    undo[undos++] = change;
  }

  @Override
  public boolean hasId(long slot, long hi, long lo) {
    long at = slots.at(slot);
    return RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, at) == lo
        && RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, at + 8) == hi;
  }

  private long hash(int slot) {
    long at = at(slot);
    return index.hash(
        RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, at + 8),
        RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, at));
  }

  private void beforeChange(int slot) {
    if (frozen != null) {
      frozen.beforeChange(slot);
    }
  }

  private int word(int slot, int field) {
    return RecordStore.MEMORY.get(JAVA_INT_UNALIGNED, at(slot) + field);
  }

  private void setWord(int slot, int field, int value) {
    beforeChange(slot);
    RecordStore.MEMORY.set(JAVA_INT_UNALIGNED, at(slot) + field, value);
  }
}
