package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Collects what is found, each object once. For any thread. */
final class Findings {
  private static final class Found {
    final String what;
    final String holds;
    final TreeSet<String> backups = new TreeSet<>();

    Found(String what, String holds) {
      this.what = what;
      this.holds = holds;
    }
  }

  private final Map<String, Found> byObject = new TreeMap<>();

  synchronized void add(String object, String what, String holds, Collection<String> backups) {
    byObject.computeIfAbsent(object, name -> new Found(what, holds)).backups.addAll(backups);
  }

  /** Of an object that could not be read; throws what says that nothing can be read now. */
  void add(String object, HoldfastException e, String holds, Collection<String> backups) {
    if (e.code().startsWith("repository-")) {
      throw e;
    }
    add(object, e.message(), holds, backups);
  }

  synchronized boolean has(String object) {
    return byObject.containsKey(object);
  }

  synchronized List<Finding> all() {
    List<Finding> all = new ArrayList<>();
    byObject.forEach(
        (object, found) ->
            all.add(new Finding(object, found.what, found.holds, List.copyOf(found.backups))));
    return all;
  }

  /** What is lost with a piece of the journal. */
  static String holds(BackupManifest.Segment segment, BackupManifest.PieceRef piece) {
    String in = "segment " + segment.firstOp() + " from byte " + piece.offset();
    if (piece.firstOp() == 0) {
      return in + ", without any op";
    }
    return in + ", " + ops(piece.firstOp(), piece.lastOp(), piece.firstTime(), piece.lastTime());
  }

  static String ops(long firstOp, long lastOp, long firstTime, long lastTime) {
    return "ops "
        + firstOp
        + " to "
        + lastOp
        + " of "
        + time(firstTime)
        + " to "
        + time(lastTime)
        + ": without it no moment from op "
        + firstOp
        + " on can be restored";
  }

  static String time(long nanos) {
    return Instant.ofEpochSecond(0, nanos).toString();
  }
}
