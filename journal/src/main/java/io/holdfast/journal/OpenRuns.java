package io.holdfast.journal;

import io.holdfast.kernel.Invariants;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The runs of a journal from op 1 on, or from a later one, without gaps. Who reads them holds those
 * that there were at one moment; a run that is replaced meanwhile stays open for them. For any
 * thread.
 */
final class OpenRuns implements AutoCloseable {
  private final long afterOp;
  private List<Run> runs;
  private long version;

  /** Takes the runs over, the oldest first. */
  OpenRuns(List<Run> runs) {
    this(runs, 0);
  }

  /**
   * Takes over runs that go on after an op.
   *
   * @param afterOp 0 for all of a journal
   */
  OpenRuns(List<Run> runs, long afterOp) {
    this.afterOp = afterOp;
    this.runs = List.copyOf(runs);
  }

  /** The last op that a run tells of; the one before them if there is none. */
  synchronized long lastOp() {
    return runs.isEmpty() ? afterOp : runs.getLast().lastOp();
  }

  /** Another number whenever the runs are others. */
  synchronized long version() {
    return version;
  }

  /** All of them, the oldest first, for the thread that adds and replaces. */
  synchronized List<Run> all() {
    return runs;
  }

  /** All of them, the oldest first; the caller must release each. */
  synchronized List<Run> hold() {
    for (Run run : runs) {
      Invariants.check(run.retain(), "a run in use is open");
    }
    return runs;
  }

  synchronized void add(Run run) {
    Invariants.check(
        run.firstOp() == lastOp() + 1, "runs follow each other", lastOp() + 1, run.firstOp());
    List<Run> more = new ArrayList<>(runs);
    more.add(run);
    version++;
    runs = List.copyOf(more);
  }

  /** Puts a run in place of those that it was merged from, whose files are deleted. */
  void replace(List<Run> merged, Run by) throws IOException {
    synchronized (this) {
      List<Run> changed = new ArrayList<>(runs);
      int at = changed.indexOf(merged.getFirst());
      Invariants.check(
          at >= 0 && runs.subList(at, at + merged.size()).equals(merged),
          "what was merged are runs in use");
      changed.subList(at, at + merged.size()).clear();
      changed.add(at, by);
      version++;
      runs = List.copyOf(changed);
    }
    for (Run run : merged) {
      run.discard();
    }
  }

  /** Puts the same run, opened anew, in place of one whose file was replaced. */
  void swap(Run old, Run by) throws IOException {
    synchronized (this) {
      List<Run> changed = new ArrayList<>(runs);
      int at = changed.indexOf(old);
      Invariants.check(at >= 0, "what is opened anew is a run in use");
      changed.set(at, by);
      version++;
      runs = List.copyOf(changed);
    }
    old.close();
  }

  /** Lets who reads open the files of the journal anew. */
  synchronized void refresh() {
    version++;
  }

  @Override
  public void close() throws IOException {
    List<Run> closing;
    synchronized (this) {
      closing = runs;
      runs = List.of();
    }
    for (Run run : closing) {
      run.close();
    }
  }
}
