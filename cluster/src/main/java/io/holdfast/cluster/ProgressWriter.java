package io.holdfast.cluster;

import io.holdfast.kernel.DiskFaults;
import java.io.IOException;
import java.util.Map;

/**
 * Moves the durable pointer of this node on. One thread at a time: housekeeping while it runs, then
 * whoever closes it.
 */
final class ProgressWriter {
  private final NodeHome home;
  private final Formation formation;
  private final Replica replica;
  private final Admission admission;
  private boolean writtenKnown;
  private long writtenIndex = -1;
  private long writtenJournalOp = -1;
  private Map<String, Long> writtenMet = Map.of();

  ProgressWriter(NodeHome home, Formation formation, Replica replica, Admission admission) {
    this.home = home;
    this.formation = formation;
    this.replica = replica;
    this.admission = admission;
  }

  /**
   * Writes the durable pointer if anything was applied since. Not before the node has written down
   * itself that it will take part: with a pointer it has started before.
   */
  void write() {
    synchronized (home) {
      if (formation.onDisk()) {
        writeChange();
      }
    }
  }

  private void writeChange() {
    boolean known = formation.known();
    Position position = replica.position();
    long journalOp = replica.journal().syncedOp();
    Map<String, Long> met = Map.copyOf(admission.met());
    if (known == writtenKnown
        && position.index() == writtenIndex
        && journalOp == writtenJournalOp
        && met.equals(writtenMet)) {
      return;
    }
    try {
      new Progress(
              home.genesis().incarnation(),
              position.term(),
              position.index(),
              position.op(),
              journalOp,
              known,
              met)
          .write(home.directory());
      writtenKnown = known;
      writtenIndex = position.index();
      writtenJournalOp = journalOp;
      writtenMet = met;
    } catch (IOException e) {
      throw DiskFaults.coded(e, home.directory());
    }
  }
}
