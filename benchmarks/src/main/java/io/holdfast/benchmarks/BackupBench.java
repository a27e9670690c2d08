package io.holdfast.benchmarks;

import io.holdfast.journal.Checkpoints;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.UInt128;
import io.holdfast.vault.Backup;
import io.holdfast.vault.Repositories;
import io.holdfast.vault.RepositoryKeys;
import io.holdfast.vault.RepositoryLocation;
import io.holdfast.vault.Restore;
import io.holdfast.vault.RestoreRates;
import io.holdfast.vault.RestoreTarget;
import io.holdfast.vault.Telling;
import io.holdfast.vault.Vault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A full backup, an incremental one after 5 % more transfers, and a restore to a moment between,
 * all on the disk that is measured; and the same by PostgreSQL with pgBackRest where it is
 * installed.
 */
final class BackupBench implements Benchmark {
  private static final int TRANSFERS = 10_000_000;
  private static final int MORE_SHARE = 20; // 5 %

  @Override
  public String name() {
    return "backup";
  }

  @Override
  public String what() {
    return "full and incremental backup, and restore to an op until queries are answered"
        + " (transfers=10000000 accounts=1000000 ids=rising|random; pgbackrest=SCRIPT measures the"
        + " same beside it, see benchmarks/src/main/scripts)";
  }

  @Override
  public Figures run(Options options) throws Exception {
    long transfers = options.number("transfers", TRANSFERS);
    int accounts = options.number("accounts", HistoryBench.ACCOUNTS);
    PaymentIds ids = HistoryBench.ids(options);
    Figures figures = new Figures();
    try (BenchDirectory directory = BenchDirectory.temporary("backup")) {
      Path home = directory.path().resolve("node");
      fill(home, ids, accounts, transfers);
      Path repository = directory.path().resolve("repository");
      try (Vault vault =
          new Vault(
              Repositories.create(RepositoryLocation.parse("file:" + repository)),
              RepositoryKeys.create())) {
        measure(vault, home, directory.path().resolve("restored"), ids, accounts, figures);
      }
    }
    String script = options.word("pgbackrest", "");
    if (!script.isEmpty()) {
      figures.put("beside", beside(script, transfers, accounts));
    }
    return figures;
  }

  private static void fill(Path home, PaymentIds ids, int accounts, long transfers)
      throws IOException {
    try (DurableLedger ledger = DurableLedger.open(home, Checkpoints.GENERATIONS)) {
      HistoryBench.fill(ledger, ids, accounts, transfers);
      ledger.settleAndMerge();
    }
  }

  private static void measure(
      Vault vault, Path home, Path restored, PaymentIds ids, int accounts, Figures figures)
      throws IOException {
    long before;
    try (DurableLedger ledger = DurableLedger.open(home, Checkpoints.GENERATIONS)) {
      before = ledger.transfers();
    }
    Backup.Result full = backup(vault, home);
    fill(home, ids, accounts, before + before / MORE_SHARE);
    Backup.Result incremental = backup(vault, home);
    figures
        .put("transfers", before)
        .put("accounts", accounts)
        .put("full_s", full.seconds())
        .put("full_mb_s", full.megabytesPerSecond())
        .put("full_source_mb", full.manifest().sourceBytes() / 1e6)
        .put("full_sent_mb", full.manifest().sentBytes() / 1e6)
        .put("incremental_s", incremental.seconds())
        .put("incremental_sent_mb", incremental.manifest().sentBytes() / 1e6)
        .put(
            "incremental_percent",
            100.0 * incremental.manifest().sentBytes() / full.manifest().sentBytes());

    // In the middle of the batches that came after the full backup.
    long more = before / MORE_SHARE / Limits.BATCH_EVENTS_MAX;
    long op = incremental.manifest().lastOp() - more / 2;
    long began = System.nanoTime();
    Restore restore = Restore.plan(List.of(vault), new RestoreTarget.Op(op), "");
    Restore.Restored result = restore.into(restored, Telling.NONE);
    try (DurableLedger ledger =
        DurableLedger.open(restored, result.lineage(), Checkpoints.GENERATIONS)) {
      long found = ledger.queries().accounts(List.of(UInt128.of(1))).size();
      double seconds = (System.nanoTime() - began) / 1e9;
      figures
          .put("restored_op", op)
          .put("restored_transfers", ledger.transfers())
          .put("answered", found)
          .put("transfer_s", result.fetchNanos() / 1e9)
          .put("recovery_s", seconds - result.fetchNanos() / 1e9)
          .put("restore_s", seconds)
          .put("restore_tps", Math.round(ledger.transfers() / seconds))
          .put("replayed", result.replayedEvents());
    }
    Restore.Estimate estimate = restore.estimate();
    RestoreRates rates = restore.rates(); // now, for it brings objects into memory
    figures.put("predicted_s", rates.fetchSeconds(estimate) + rates.proveSeconds(estimate));
  }

  private static Backup.Result backup(Vault vault, Path home) {
    return Backup.run(
        vault, DurableLedger.source(home), Backup.Options.USUAL, new SystemClock(), Telling.NONE);
  }

  /** What the script prints; it works in a directory of its own, beside that of the other. */
  private static String beside(String script, long transfers, int accounts)
      throws IOException, InterruptedException {
    try (BenchDirectory directory = BenchDirectory.temporary("pgbackrest")) {
      Process process =
          new ProcessBuilder(
                  script,
                  directory.path().toString(),
                  Long.toString(transfers),
                  Integer.toString(accounts))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(script + " failed, see above");
      }
      return said.strip();
    }
  }
}
