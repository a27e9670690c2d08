package io.holdfast.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.client.HoldfastClient;
import io.holdfast.drill.AdminClient;
import io.holdfast.drill.Deadline;
import io.holdfast.drill.NodeProcess;
import io.holdfast.vault.MasterKey;
import io.holdfast.vault.MasterKeyFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.BooleanSupplier;

/** What payments notice of backups of the running site, and how far the stream is behind them. */
final class BackupLiveBench implements Benchmark {
  private static final int ACCOUNTS = 10_000;
  private static final Duration EVERY = Duration.ofMillis(5);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** After the stream has caught up, or a backup ended: what it left behind is over. */
  private static final Duration SETTLE = Duration.ofSeconds(2);

  @Override
  public String name() {
    return "backup-live";
  }

  @Override
  public String what() {
    return "three nodes, payments at a fixed rate, in turns without any backup, with the continuous"
        + " stream, with stream and a full backup, with stream and an incremental one: p50, p99,"
        + " ratios to without; RPO (rate=20000 rounds=4 seconds=12 warmup=100 kills=3 accounts=10000"
        + " rate_limit=16MiB)";
  }

  /** What is done beside the payments. */
  private enum Beside {
    NOTHING,
    STREAM,
    FULL,
    INCREMENTAL;

    String words() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Duration LAST_ANSWERS = Duration.ofMillis(500);

  /** A stretch of time, in nanoseconds since 1970. */
  private record Span(long from, long to) {}

  @Override
  public Figures run(Options options) throws Exception {
    try (BenchDirectory directory = BenchDirectory.temporary("backup-live")) {
      Path home = directory.path();
      Files.createDirectories(home);
      Path keyFile = home.resolve("vault.key");
      MasterKeyFiles.create(keyFile);
      MasterKey key = new MasterKey.KeyFile(keyFile);
      LiveRepository streamed = LiveRepository.create(home.resolve("streamed"), key);
      LiveRepository whole = LiveRepository.create(home.resolve("whole"), key);
      String rateLimit = options.word("rate_limit", "");
      String settings =
          """

          vault:
            repositories:
              streamed: {location: 'file:%s', key-file: '%s', schedule: none, verify: none}
              whole: {location: 'file:%s', key-file: '%s', schedule: none, verify: none,
                continuous: false%s}
          """
              .formatted(
                  streamed.root(),
                  keyFile,
                  whole.root(),
                  keyFile,
                  rateLimit.isEmpty() ? "" : ", rate-limit: " + rateLimit);
      try (BenchSite site = BenchSite.start(options, node -> append(node, settings))) {
        return new Rounds(site, streamed, whole, options).run();
      }
    }
  }

  private static void append(NodeProcess node, String settings) {
    try {
      Files.writeString(node.configuration(), settings, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was found beside one of them, in all rounds. */
  private static final class Found {
    private final Beside beside;
    private final Spread p50 = new Spread();
    private final Spread p99 = new Spread();
    private final Spread p50Ratio = new Spread();
    private final Spread p99Ratio = new Spread();
    private final Spread cpuPercent = new Spread();

    Found(Beside beside) {
      this.beside = beside;
    }

    void add(Stretch stretch, double nodesCpuPercent) {
      p50.add(stretch.millis(50));
      p99.add(stretch.millis(99));
      cpuPercent.add(nodesCpuPercent);
    }

    /** Of the last round. */
    void addRatio(Found nothing) {
      p50Ratio.add(p50.last() / nothing.p50.last());
      p99Ratio.add(p99.last() / nothing.p99.last());
    }

    void putInto(Figures figures) {
      figures
          .put(beside.words() + "_p50_ms", p50.median())
          .put(beside.words() + "_p99_ms", p99.median())
          .put(beside.words() + "_nodes_cpu_percent", cpuPercent.median());
      if (beside != Beside.NOTHING) {
        figures
            .put(beside.words() + "_p50_ratio", twoDigits(p50Ratio.median()))
            .put(beside.words() + "_p99_ratio", twoDigits(p99Ratio.median()))
            .put(beside.words() + "_p99_ratio_worst", twoDigits(p99Ratio.worst()));
      }
    }
  }

  private static String twoDigits(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  /** One measurement. */
  private static final class Rounds {
    private final BenchSite site;
    private final LiveRepository streamed;
    private final LiveRepository whole;
    private final Options options;
    private final Map<String, AdminClient> admins = new HashMap<>();
    private final Map<Beside, Found> found = new EnumMap<>(Beside.class);
    private final Spread rpoTold = new Spread();
    private final Spread takenOver = new Spread();
    private final Spread fullSeconds = new Spread();
    private final Spread fullMegabytes = new Spread();
    private final List<Span> streaming = new ArrayList<>();

    Rounds(BenchSite site, LiveRepository streamed, LiveRepository whole, Options options) {
      this.site = site;
      this.streamed = streamed;
      this.whole = whole;
      this.options = options;
    }

    private Found of(Beside beside) {
      return found.computeIfAbsent(beside, Found::new);
    }

    Figures run() throws Exception {
      int accounts = options.number("accounts", ACCOUNTS);
      int rate = options.number("rate", 20_000);
      int events = (int) (rate * EVERY.toMillis() / 1_000);
      int rounds = options.number("rounds", 4);
      NavigableMap<Long, Long> acknowledged;
      Figures figures =
          new Figures().put("rate", rate).put("rounds", rounds).put("accounts", accounts);
      try (HoldfastClient client = site.client(Duration.ofSeconds(60), 32)) {
        BenchAccounts.open(client, accounts);
        long term = site.term();
        try (PacedPayments payments =
            new PacedPayments(client, new BatchMaker(accounts, 1, events), EVERY).start()) {
          acknowledged = payments.acknowledged();
          Deadline.letPass(options.seconds("warmup", 100));
          backUp(); // so that its code is compiled, too
          long failedBefore = payments.failed();
          for (int round = 0; round < rounds; round++) {
            round(payments, round % 2 == 0);
          }
          for (int i = 0; i < options.number("kills", 3); i++) {
            kill();
          }
          figures
              .put("failed_while_warming_up", failedBefore)
              .put("failed_requests", payments.failed() - failedBefore);
        }
        figures.put("term_changes", site.term() - term);
      }
      addTo(figures);
      return independentRpo(figures, acknowledged);
    }

    /** In one order, then in the other, so that what changes with time cancels out. */
    private void round(PacedPayments payments, boolean nothingFirst) throws IOException {
      if (nothingFirst) {
        nothing(payments);
      }
      measure(payments, Beside.STREAM, forTime());
      whole.empty();
      measure(payments, Beside.FULL, untilBackedUp());
      Deadline.letPass(SETTLE);
      measure(payments, Beside.INCREMENTAL, untilBackedUp());
      Deadline.letPass(SETTLE);
      if (!nothingFirst) {
        nothing(payments);
      }
      found.values().forEach(one -> one.addRatio(of(Beside.NOTHING)));
    }

    /** kill -9 of the node on duty: until another one streams and is near. */
    private void kill() {
      NodeProcess killed = onDuty();
      killed.kill9();
      long began = System.nanoTime();
      Deadline.await(
          "another node streams",
          PATIENCE,
          () -> site.site().nodes().stream().anyMatch(node -> node != killed && streams(node)));
      takenOver.add((System.nanoTime() - began) / 1e9);
      System.err.printf(
          "killed %s: another streams after %.1f s%n", killed.name(), takenOver.last());
      site.site().restart(killed);
      site.probe().awaitCaughtUp(killed, BenchSite.PATIENCE);
      Deadline.await("all is calm again", PATIENCE, () -> rpo() >= 0 && rpo() < 2);
      Deadline.letPass(SETTLE);
    }

    private boolean streams(NodeProcess node) {
      JsonNode one = repository(node, "streamed");
      double seconds = one.path("rpo_seconds").asDouble(-1);
      return one.path("state").asText().equals("streams") && seconds >= 0 && seconds < 2;
    }

    /** The stream waits for its repository, and looks for it every few seconds. */
    private void nothing(PacedPayments payments) throws IOException {
      streamed.takeAway();
      Deadline.letPass(SETTLE);
      measure(payments, Beside.NOTHING, forTime());
      streamed.bringBack();
      Deadline.await("the stream has caught up", PATIENCE, () -> rpo() >= 0 && rpo() < 2);
      Deadline.letPass(SETTLE);
    }

    private BooleanSupplier forTime() {
      Deadline end = Deadline.in(options.seconds("seconds", 12));
      return end::passed;
    }

    private BooleanSupplier untilBackedUp() {
      NodeProcess node = onDuty();
      long run = admin(node).backupRun("whole", BenchSite.PATIENCE);
      return () -> repository(node, "whole").path("run").path("ended").asLong() >= run;
    }

    private void backUp() {
      BooleanSupplier done = untilBackedUp();
      Deadline.await("a backup is taken", PATIENCE, done);
    }

    private void measure(PacedPayments payments, Beside beside, BooleanSupplier over) {
      Stretch stretch = new Stretch();
      long began = System.nanoTime();
      long from = wallNanos();
      long used = cpuMillis();
      payments.measure(stretch);
      while (!over.getAsBoolean()) {
        double told = rpo(); // asked for also when it does not matter, for it costs something
        if (beside != Beside.NOTHING) {
          rpoTold.add(told);
        }
        Deadline.letPass(LOOK);
      }
      payments.measure(new Stretch());
      double seconds = (System.nanoTime() - began) / 1e9;
      double cpuPercent = (cpuMillis() - used) / 10.0 / seconds;
      if (beside != Beside.NOTHING) {
        streaming.add(new Span(from, wallNanos()));
      }
      Deadline.letPass(LAST_ANSWERS);
      of(beside).add(stretch, cpuPercent);
      if (beside == Beside.FULL) {
        fullSeconds.add(seconds);
        fullMegabytes.add(
            repository(onDuty(), "whole").path("last_backup").path("source_bytes").asLong() / 1e6);
      }
      System.err.printf(
          "%s: %.1f s, %d requests, p50 %.1f ms, p99 %.1f ms, max %.1f ms, nodes' CPU %.0f %%%n",
          beside.words(),
          seconds,
          stretch.requests(),
          stretch.millis(50),
          stretch.millis(99),
          stretch.millis(100),
          cpuPercent);
    }

    private long cpuMillis() {
      return site.site().nodes().stream().mapToLong(NodeProcess::cpuMillis).sum();
    }

    /** As the node on duty says; -1 when none does. */
    private double rpo() {
      return repository(onDuty(), "streamed").path("rpo_seconds").asDouble(-1);
    }

    private NodeProcess onDuty() {
      NodeProcess any =
          site.site().nodes().stream().filter(NodeProcess::isAlive).findFirst().orElseThrow();
      String name = admin(any).backup(BenchSite.PATIENCE).path("on_duty").asText();
      return site.site().nodes().stream()
          .filter(node -> node.name().equals(name))
          .findFirst()
          .orElse(any);
    }

    private AdminClient admin(NodeProcess node) {
      return admins.computeIfAbsent(node.name(), _ -> new AdminClient(node.address().admin()));
    }

    private JsonNode repository(NodeProcess node, String name) {
      return admin(node)
          .backup(BenchSite.PATIENCE)
          .path("repositories")
          .valueStream()
          .filter(one -> one.path("name").asText().equals(name))
          .findFirst()
          .orElseThrow();
    }

    private void addTo(Figures figures) {
      found.values().forEach(one -> one.putInto(figures));
      figures
          .put("full_s", fullSeconds.median())
          .put("full_source_mb", fullMegabytes.worst())
          .put("kills", options.number("kills", 3))
          .put("taken_over_median_s", takenOver.median())
          .put("taken_over_worst_s", takenOver.worst())
          .put("rpo_told_median_s", twoDigits(rpoTold.median()))
          .put("rpo_told_worst_s", twoDigits(rpoTold.worst()));
    }

    /**
     * From when payments were acknowledged until they were in the repository, by what lies there.
     */
    private Figures independentRpo(Figures figures, NavigableMap<Long, Long> acknowledged) {
      NavigableMap<Long, Long> stored = streamed.stored();
      Spread seconds = new Spread();
      long lost = 0;
      for (Map.Entry<Long, Long> one : acknowledged.entrySet()) {
        long at = one.getValue();
        if (streaming.stream().noneMatch(span -> span.from() <= at && at < span.to())) {
          continue;
        }
        Map.Entry<Long, Long> tail = stored.ceilingEntry(one.getKey());
        if (tail == null) {
          lost++;
        } else {
          seconds.add((tail.getValue() - at) / 1e9);
        }
      }
      return figures
          .put("rpo_seen_median_s", twoDigits(seconds.median()))
          .put("rpo_seen_worst_s", twoDigits(seconds.worst()))
          .put("not_in_repository", lost)
          .put("tails", stored.size());
    }

    private static long wallNanos() {
      return System.currentTimeMillis() * 1_000_000;
    }
  }
}
