package io.holdfast.drill;

import io.holdfast.kernel.UInt128;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What the judge found.
 *
 * @param sent payments sent, each counted once however often it was sent
 * @param acknowledged of them, those that a client was told are in the ledger
 * @param refused those that the ledger judged and refused
 * @param notTaken those refused before the ledger judged them
 * @param unknown those without an outcome; allowed to be in the ledger or not
 * @param unknownPresent of the unknown ones, those that are in the ledger
 * @param conserved whether debits equal credits over all accounts of the load, as read back
 * @param counts findings by kind
 * @param findings the first of them; {@link #FINDINGS_SHOWN} at most
 */
public record Verdict(
    long sent,
    long acknowledged,
    long refused,
    long notTaken,
    long unknown,
    long unknownPresent,
    boolean conserved,
    Map<Kind, Long> counts,
    List<Finding> findings) {
  public static final int FINDINGS_SHOWN = 100;

  public Verdict {
    counts = Map.copyOf(counts);
    findings = List.copyOf(findings);
  }

  /** What can be wrong. */
  public enum Kind {
    /** Acknowledged, not in the ledger. */
    LOST,
    /** In the ledger, in its balances or in its answers more than once. */
    DOUBLED,
    /** Refused, and in the ledger nevertheless. */
    REFUSED_PRESENT,
    /** In the ledger with other content than was sent or told. */
    DIFFERENT,
    /** Answers that cannot all be true. */
    CONTRADICTION,
    /** An account whose balances are not what its transfers make them. */
    MISBALANCED,
    /** In an account's history and sent by nobody. */
    STRANGER,
    /** Acknowledged, and not shown by a look-up that began afterwards. */
    UNSEEN
  }

  /** One thing that is wrong: which payment or account, and how. */
  public record Finding(Kind kind, UInt128 id, String what) {}

  public long count(Kind kind) {
    return counts.getOrDefault(kind, 0L);
  }

  public long lost() {
    return count(Kind.LOST);
  }

  public long doubled() {
    return count(Kind.DOUBLED);
  }

  /** Whether nothing at all is wrong. */
  public boolean good() {
    return counts.isEmpty() && conserved;
  }

  /** Collects findings. Used by one thread. */
  static final class Findings {
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private final List<Finding> shown = new ArrayList<>();

    void add(Kind kind, UInt128 id, String what) {
      counts.merge(kind, 1L, Long::sum);
      if (shown.size() < FINDINGS_SHOWN) {
        shown.add(new Finding(kind, id, what));
      }
    }

    Map<Kind, Long> counts() {
      return counts;
    }

    List<Finding> shown() {
      return shown;
    }
  }
}
