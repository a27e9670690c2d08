package io.holdfast.benchmarks;

import io.holdfast.journal.Checkpoint;
import io.holdfast.journal.Checkpoints;
import io.holdfast.journal.Recovery;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long a ledger takes to be ready again in a fresh JVM: from its newest checkpoint, and all
 * that came later.
 */
final class RestartBench implements Benchmark {
  private static final int TAIL = 10_000_000;
  private static final int NO_CHECKPOINT = 1 << 20; // generations from one to the next
  private static final List<String> PHASES =
      List.of("journal_ms", "checkpoint_ms", "replay_ms", "since_jvm_start_ms");

  @Override
  public String name() {
    return "restart";
  }

  @Override
  public String what() {
    return "opening a ledger with a long tail behind its checkpoint, each time in a fresh JVM, by"
        + " phase (tail=10000000 accounts=1000000 ids=rising|random rounds=3; open= of a directory"
        + " that is there: opens it in this JVM)";
  }

  @Override
  public Figures run(Options options) throws Exception {
    String there = options.word("open", "");
    if (!there.isEmpty()) {
      return open(Path.of(there));
    }
    int rounds = options.number("rounds", 3);
    try (BenchDirectory directory = BenchDirectory.of(options, "restart")) {
      prepare(directory.path(), options);
      Map<String, Spread> phases = new LinkedHashMap<>();
      Map<String, String> last = Map.of();
      for (int i = 0; i < rounds; i++) {
        last = openInFreshJvm(directory.path());
        for (String phase : PHASES) {
          phases
              .computeIfAbsent(phase, _ -> new Spread())
              .add(Double.parseDouble(last.getOrDefault(phase, "0")));
        }
      }
      Figures figures = new Figures();
      phases.forEach(
          (phase, spread) ->
              figures.put(phase, spread.median()).put("worst_" + phase, spread.worst()));
      last.forEach(
          (key, value) -> {
            if (!PHASES.contains(key)) {
              figures.put(key, value);
            }
          });
      return figures;
    }
  }

  /** Makes a ledger with a checkpoint and a tail, unless it is there. */
  private static void prepare(Path directory, Options options) throws IOException {
    int accounts = options.number("accounts", HistoryBench.ACCOUNTS);
    int tail = options.number("tail", TAIL);
    PaymentIds ids = HistoryBench.ids(options);
    try (DurableLedger ledger = DurableLedger.open(directory, Checkpoints.GENERATIONS)) {
      long transfers = Math.max(1, ledger.transfers());
      while (ledger.newestCheckpoint() == null) {
        HistoryBench.fill(ledger, ids, accounts, transfers);
        ledger.settle();
        transfers += 100_000;
      }
    }
    try (DurableLedger ledger = DurableLedger.open(directory, NO_CHECKPOINT)) {
      long there = ledger.recovered().events();
      HistoryBench.fill(ledger, ids, accounts, ledger.transfers() + tail - there);
      ledger.settle();
    }
  }

  private static Figures open(Path directory) throws IOException {
    try (DurableLedger ledger = DurableLedger.open(directory, NO_CHECKPOINT)) {
      double sinceStart =
          System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
      Recovery.Recovered recovered = ledger.recovered();
      Checkpoint from = recovered.checkpoint();
      double replayMillis = recovered.replayNanos() / 1e6;
      return new Figures()
          .put("journal_ms", ledger.openNanos() / 1e6)
          .put("checkpoint_ms", recovered.checkpointNanos() / 1e6)
          .put("replay_ms", replayMillis)
          .put("since_jvm_start_ms", sinceStart)
          .put("replay_tps", Math.round(recovered.events() * 1e3 / replayMillis))
          .put("tail", recovered.events())
          .put("accounts", recovered.ledger().accountCount())
          .put("checkpoint_mib", from == null ? 0 : from.sizeBytes() >> 20);
    }
  }

  private Map<String, String> openInFreshJvm(Path directory) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Bench.class.getName()));
    command.addAll(List.of(name(), "open=" + directory));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Map<String, String> figures = new LinkedHashMap<>();
    for (String word : said.strip().split(" ", -1)) {
      int at = word.indexOf('=');
      if (at > 0 && !word.startsWith("bench=")) {
        figures.put(word.substring(0, at), word.substring(at + 1));
      }
    }
    if (figures.isEmpty()) {
      throw new IllegalStateException("the fresh JVM said: " + said);
    }
    return figures;
  }
}
