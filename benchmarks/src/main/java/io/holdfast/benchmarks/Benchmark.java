package io.holdfast.benchmarks;

/** A measurement with a name, run by {@link Bench}. */
interface Benchmark {
  String name();

  /** What is measured, in a line. */
  String what();

  /** Measures and returns the figures; {@link Bench} prints them as one line of key=value. */
  Figures run(Options options) throws Exception;
}
