package io.holdfast.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * {@code Bench NAME [key=value …]} runs one benchmark and prints one line of key=value; {@code
 * Bench --list} names them all.
 */
public final class Bench {
  private static final List<Benchmark> ALL =
      List.of(
          new LedgerBench(),
          new SiteBatchBench(),
          new SiteSinglesBench(),
          new RestSinglesBench(),
          new FailoverBench(),
          new HandOverBench(),
          new ElectionStabilityBench(),
          new SiteRestartBench(),
          new HistoryBench(),
          new CheckpointBench(),
          new LookupBench(),
          new RestartBench(),
          new BackupBench(),
          new BackupLiveBench());

  private Bench() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 0 || arguments[0].equals("--list")) {
      ALL.forEach(one -> System.out.printf("%-20s %s%n", one.name(), one.what()));
      return;
    }
    for (Benchmark one : ALL) {
      if (one.name().equals(arguments[0])) {
        List<String> words = Arrays.asList(arguments).subList(1, arguments.length);
        Figures figures = one.run(new Options(words));
        System.out.println("bench=" + one.name() + " " + figures.line());
        System.exit(0); // clients' daemon threads and pools have nothing left to do
      }
    }
    System.err.println("no benchmark is named '" + arguments[0] + "'; see --list");
    System.exit(2);
  }
}
