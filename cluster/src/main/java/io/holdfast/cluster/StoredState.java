package io.holdfast.cluster;

import io.holdfast.journal.Checkpoints;
import io.holdfast.journal.DamagedFileException;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.FileCheck;
import io.holdfast.journal.FileKind;
import io.holdfast.journal.Journal;
import io.holdfast.journal.JournalChain;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.RunRebuild;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node has on disk, as it is at a start: opens the journal and brings the ledger to its end.
 * A damaged file that is in the way is mended from the other nodes first; without one that has it,
 * the start is refused.
 */
final class StoredState {
  private static final Logger LOG = LoggerFactory.getLogger(StoredState.class);

  /** A disk with more damage than that is to be replaced, not mended. */
  private static final int MENDED_MAX = 100;

  private final SiteConfig config;
  private final NodeHome home;
  private final Genesis genesis;
  private final PeerClient client;
  private final UnaryOperator<Payloads> payloads;
  private final Fatal fatal;
  private final JournalPlaces places;

  StoredState(
      SiteConfig config,
      NodeHome home,
      PeerClient client,
      UnaryOperator<Payloads> payloads,
      Fatal fatal) {
    this.payloads = payloads;
    this.config = config;
    this.home = home;
    this.genesis = home.genesis();
    this.client = client;
    this.fatal = fatal;
    this.places = JournalPlaces.in(home.directory());
  }

  /**
   * Opens the journal and recovers the ledger.
   *
   * @param phase is told how many milliseconds each phase took
   */
  Replica recover(Answers answers, BiConsumer<String, String> phase) {
    Mender mender = mender(() -> false);
    for (int mended = 0; ; mended++) {
      try {
        return recoverOnce(answers, phase);
      } catch (DamagedFileException damage) {
        LOG.error("found at start: {}", damage.message());
        Mender.Result result =
            mended == MENDED_MAX
                ? new Mender.Result(false, "too many files are damaged")
                : mender.tryMend(damage.kind(), damage.name(), false);
        if (!result.mended() && damage.kind() == FileKind.RUN) {
          setAside(damage, result.why());
        } else if (!result.mended()) {
          LOG.error("{} is not mended: {}", damage.name(), result.why());
          client.close();
          throw damage;
        } else {
          LOG.warn("mended {} from the other nodes, the start goes on", damage.name());
        }
      } catch (RuntimeException e) {
        client.close();
        throw e;
      }
    }
  }

  /** A part of the index that no other node has is made anew from the journal by the next try. */
  private void setAside(DamagedFileException damage, String why) {
    Path file = places.file(damage.kind(), damage.name());
    Path damaged = places.damaged(damage.kind());
    LOG.warn("{} is not mended, so it is made anew: {}", damage.name(), why);
    try {
      SystemDisk.INSTANCE.createDirectories(damaged);
      SystemDisk.INSTANCE.move(file, damaged.resolve(damage.name()));
    } catch (IOException e) {
      throw DiskFaults.coded(e, file);
    }
  }

  private Replica recoverOnce(Answers answers, BiConsumer<String, String> phase) {
    Failures failures = new Failures();
    long began = System.nanoTime();
    Journal journal = journal(failures);
    phase.accept("journal_ms", millisSince(began));
    try {
      checkBase(genesis, journal.recoveredOp(), places, home.dataKey());
      Replica replica =
          Replica.recover(
              config,
              payloads.apply(new Opener(home.dataKey(), genesis.ledgerId())),
              answers,
              journal,
              home.detailsKeys(),
              genesis.incarnation(),
              genesis.baseOp());
      phase.accept("ledger_ms", millisSince(began));
      failures.begin();
      return replica;
    } catch (RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  /** A journal that does not go on from where the incarnation began is another history. */
  static void checkBase(Genesis genesis, long lastOp, JournalPlaces places, DataKey dataKey) {
    Genesis.Base base = genesis.base();
    if (base == null) {
      return;
    }
    String chain = "";
    try {
      if (lastOp >= base.op()) {
        chain =
            HexFormat.of()
                .formatHex(
                    JournalChain.after(SystemDisk.INSTANCE, places.segments(), dataKey, base.op()));
      }
    } catch (IOException e) {
      throw DiskFaults.coded(e, places.segments());
    }
    if (!chain.equals(base.chain())) {
      throw new HoldfastException(
          "base-differs",
          "incarnation "
              + genesis.incarnation()
              + " began after op "
              + base.op()
              + " with chain "
              + base.chain()
              + ", but the journal in "
              + places.segments()
              + (chain.isEmpty() ? " ends with op " + lastOp : " has chain " + chain + " there"),
          "this node's data are of another history; keep them and take a new node in with 'holdfast"
              + " node replace'");
    }
  }

  /** Opens the journal; it must not end before what was known to be on disk. */
  private Journal journal(Failures failures) {
    long began = System.nanoTime();
    Journal journal = open(config, genesis, home.dataKey(), home.durable(), failures);
    LOG.info(
        "opened the journal: {} ops in {} segments, {} bytes; indexed up to op {}; in {} ms",
        journal.recoveredOp(),
        journal.stats().segments(),
        journal.stats().sizeBytes(),
        journal.index().stats().lastOp(),
        millisSince(began));
    return journal;
  }

  /** Opens a node's journal, ready to go on with the batches of its incarnation. */
  static Journal open(
      SiteConfig config,
      Genesis genesis,
      DataKey dataKey,
      @Nullable Progress durable,
      Consumer<HoldfastException> failed) {
    JournalPlaces places = JournalPlaces.in(config.directory());
    return Journal.open(
        new Journal.Setup(
            SystemDisk.INSTANCE,
            places.segments(),
            places.runs(),
            places.checkpoints(),
            dataKey,
            genesis.lineage(),
            genesis.incarnation(),
            durable == null ? 0 : durable.journalOp(),
            config.upkeep().segmentBytes(),
            Checkpoints.GENERATIONS,
            config.generationEvents()),
        failed,
        LOG::warn);
  }

  private static String millisSince(long nanos) {
    return Long.toString((System.nanoTime() - nanos) / 1_000_000);
  }

  /**
   * What a journal fails with. Until the ledger is recovered that ends nothing but the attempt: one
   * that is given up takes from its threads what they work on.
   */
  private final class Failures implements Consumer<HoldfastException> {
    private boolean begun;
    private @Nullable HoldfastException early;

    @Override
    public synchronized void accept(HoldfastException failure) {
      if (begun) {
        fatal.raise(failure);
      } else if (early == null) {
        early = failure;
      }
    }

    /** From now on a failure ends the node; one that has been does too. */
    synchronized void begin() {
      begun = true;
      if (early != null) {
        fatal.raise(early);
      }
    }
  }

  /** Mends from all other members. */
  Mender mender(BooleanSupplier stopped) {
    List<PeerFiles> others =
        home.members().others().stream().map(nodeId -> new PeerFiles(client, nodeId)).toList();
    return new Mender(
        SystemDisk.INSTANCE,
        places,
        check(),
        genesis.ledgerId().toHex(),
        others,
        new RunRebuild(
            SystemDisk.INSTANCE,
            places,
            home.dataKey(),
            genesis.ledgerId(),
            config.generationEvents()),
        stopped);
  }

  FileCheck check() {
    return new FileCheck(SystemDisk.INSTANCE, places, home.dataKey(), genesis.ledgerId());
  }
}
