package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The tails of one branch in a repository: each is named by branch and first op, so that the next
 * one is found by its name alone, and two who write at once can't contradict each other. After a
 * backup up to op M the tails go on with the one that begins with M + 1, once there is one: whoever
 * takes a backup in the middle of a tail leaves it to the stream to send what is between, so that
 * those after this backup and those after the one before go on together; until it has, the tails of
 * the backup before reach further. Immutable; for any thread.
 */
public final class Tails {
  private static final int IDENTITY_BYTES = 24;

  private final Vault vault;
  private final UInt128 branch;

  public Tails(Vault vault, UInt128 branch) {
    this.vault = vault;
    this.branch = branch;
  }

  /**
   * What came of putting a tail.
   *
   * @param stored whether it was stored; otherwise another of this name is there: read it, and go
   *     on after its last op
   */
  public record Put(boolean stored, long sentBytes) {}

  /** The name of the object with the tail that begins so. */
  public String name(long firstOp) {
    return name(ObjectKind.TAIL, firstOp);
  }

  /** The name of the object that tells of the tails from the one that begins so. */
  String groupName(long firstOp) {
    return name(ObjectKind.TAIL_GROUP, firstOp);
  }

  private String name(ObjectKind kind, long firstOp) {
    byte[] identity =
        ByteBuffer.allocate(IDENTITY_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(branch.lo())
            .putLong(branch.hi())
            .putLong(firstOp)
            .array();
    return vault.keys().objectName(kind, identity);
  }

  /**
   * The tail that begins so; null when there is none.
   *
   * @throws HoldfastException code {@code object-damaged}, and what repositories fail with
   */
  public @Nullable Tail find(long firstOp) {
    String name = name(firstOp);
    byte[] content;
    try {
      content = vault.load(name);
    } catch (HoldfastException e) {
      if (e.code().equals("object-missing")) {
        return null;
      }
      throw e;
    }
    return decoded(firstOp, content);
  }

  /** The tail that begins so, out of its object's content. */
  Tail decoded(long firstOp, byte[] content) {
    String name = name(firstOp);
    Tail tail = Tail.decode(name, content);
    if (tail.firstOp() != firstOp || !tail.branch().equals(branch)) {
      throw new HoldfastException(
          "object-damaged", name + " is another tail than its name says", "take a backup");
    }
    return tail;
  }

  /**
   * Reads on from the op after this one, tail by tail, while the visitor wants more.
   *
   * @return the last op of those that were visited and wanted, or where it began
   */
  public long follow(long afterOp, Predicate<Tail> wanted) {
    long at = afterOp;
    try (TailReader reader = reader()) {
      for (Tail tail = reader.find(at + 1);
          tail != null && wanted.test(tail);
          tail = reader.find(at + 1)) {
        at = tail.lastOp();
      }
    }
    return at;
  }

  /** Finds them faster where many follow each other; whoever gets it closes it. */
  TailReader reader() {
    return new TailReader(vault, this);
  }

  /**
   * What the tails from this op on hold: of one, or of as many as the repository tells of at once;
   * empty when there is none. That each can be read is not proved.
   */
  List<TailGroup.Row> rows(long firstOp) {
    TailGroup group = group(firstOp);
    if (group != null) {
      return group.rows();
    }
    Tail tail = find(firstOp);
    return tail == null ? List.of() : List.of(TailGroup.Row.of(tail));
  }

  private @Nullable TailGroup group(long firstOp) {
    String name = groupName(firstOp);
    try {
      TailGroup group = TailGroup.decode(name, vault.load(name));
      return group.branch().equals(branch) && group.firstOp() == firstOp ? group : null;
    } catch (HoldfastException e) {
      if (e.code().equals("object-missing") || e.code().equals("object-damaged")) {
        return null; // the tails themselves tell
      }
      throw e;
    }
  }

  /** Stores what some tails hold. */
  void put(TailGroup group) {
    String name = groupName(group.firstOp());
    vault.repository().put(name, vault.keys().seal(name, group.encode()));
  }

  /** Stores a tail, unless there is one that begins with the same op. */
  public Put put(Tail tail) {
    String name = name(tail.firstOp());
    byte[] sealed = vault.keys().seal(name, tail.encode());
    boolean stored = vault.repository().put(name, sealed);
    return new Put(stored, stored ? sealed.length : 0);
  }
}
