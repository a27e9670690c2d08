package io.holdfast.cluster;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.JournalChain;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.JournalTail;
import io.holdfast.journal.Recovery;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What a stopped node has on disk, read without changing anything: by this operators choose from
 * whose data a site goes on that lost most of its nodes.
 *
 * @param journalOp the last op of its journal
 * @param journalChain after that op, 64 hex digits
 * @param journalIndex the entry of consensus that holds that op; -1 when this incarnation's has
 *     none
 * @param logTerm of the last entry that it has of consensus
 * @param logIndex of the last entry that it has of consensus
 * @param batchesBeyond batches that its log has after the journal's last op
 * @param digestBeyond SHA-256 over the entries of the log after {@code journalIndex}
 * @param voteTerm the last term in which it voted or led; 0 when it never did
 * @param isMember whether it was a member of its site by what it knows
 */
public record Survivor(
    Genesis genesis,
    long journalOp,
    String journalChain,
    long journalIndex,
    long logTerm,
    long logIndex,
    long batchesBeyond,
    String digestBeyond,
    long voteTerm,
    boolean isMember) {

  /**
   * Reads a stopped node's directory.
   *
   * @throws HoldfastException codes {@code genesis-…}, {@code journal-damaged}, {@code
   *     log-damaged}, {@code log-lost}: it ends before what was on this disk
   */
  public static Survivor read(Path directory) {
    return read(directory, null);
  }

  /**
   * As {@link #read(Path)}.
   *
   * @param beyond after which entry the log is counted and digested; null for the journal's last
   */
  static Survivor read(Path directory, @Nullable Long beyond) {
    Genesis genesis = Genesis.read(directory);
    try {
      DataKey dataKey = genesis.dataKey(directory.resolve("keys"));
      JournalTail journal =
          JournalTail.read(
              SystemDisk.INSTANCE,
              JournalPlaces.in(directory).segments(),
              dataKey,
              genesis.ledgerId());
      Recovery.Point last = journal.last();
      boolean ofThis = last != null && last.group().equals(genesis.incarnation());
      long journalIndex = ofThis && last != null ? last.index() : -1;
      long journalTerm = ofThis && last != null ? last.term() : 0;
      Path current = Engine.log(directory, genesis);
      StoredLog log = StoredLog.read(current, beyond == null ? journalIndex : beyond);
      boolean logIsLonger = log.lastIndex() > journalIndex;
      Survivor found =
          new Survivor(
              genesis,
              journal.lastOp(),
              journal.chain(),
              journalIndex,
              logIsLonger ? log.lastTerm() : journalTerm,
              logIsLonger ? log.lastIndex() : journalIndex,
              log.batchesAfter(),
              log.digestAfter(),
              voteTerm(current),
              Members.open(directory, genesis).isMember(genesis.nodeId()));
      checkWhole(directory, found, log);
      return found;
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  /** The last op that the node has, once its log is in its journal. */
  public long lastOp() {
    return journalOp + batchesBeyond;
  }

  /** Whether it has more of consensus than another; by the order in which consensus elects. */
  public boolean isAheadOf(Survivor other) {
    return logTerm != other.logTerm ? logTerm > other.logTerm : logIndex > other.logIndex;
  }

  /** The chain after an op that the journal has. */
  static String chainAfter(Path directory, Genesis genesis, long op) {
    try {
      return HexFormat.of()
          .formatHex(
              JournalChain.after(
                  SystemDisk.INSTANCE,
                  JournalPlaces.in(directory).segments(),
                  genesis.dataKey(directory.resolve("keys")),
                  op));
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  private static void checkWhole(Path directory, Survivor found, StoredLog log) {
    Progress durable = Progress.read(directory);
    boolean ofThis = durable != null && durable.incarnation().equals(found.genesis().incarnation());
    if (ofThis
        && durable != null
        && (durable.index() > found.logIndex() || durable.journalOp() > found.journalOp())) {
      throw new HoldfastException(
          "log-lost",
          directory
              + " ends with op "
              + found.journalOp()
              + " and entry "
              + found.logIndex()
              + ", but op "
              + durable.journalOp()
              + " and entry "
              + durable.index()
              + " were on this disk before",
          "this disk lost data, too: go on from another node's, if there is one");
    }
    if (log.lastIndex() >= 0 && log.firstIndex() > found.journalIndex() + 1) {
      throw new HoldfastException(
          "journal-lost",
          "the log in "
              + directory
              + " begins with entry "
              + log.firstIndex()
              + ", but its journal ends with entry "
              + found.journalIndex(),
          "this disk lost data, too: go on from another node's, if there is one");
    }
  }

  /** Ratis keeps it in a file of properties. */
  private static long voteTerm(Path current) throws IOException {
    Path file = current.resolve("raft-meta");
    if (!Files.exists(file)) {
      return 0;
    }
    Properties meta = new Properties();
    meta.load(new StringReader(Files.readString(file)));
    return Long.parseLong(meta.getProperty("term", "0"));
  }
}
