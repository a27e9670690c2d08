package io.holdfast.benchmarks;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time per transfer of the ledger alone, one thread, full batches. The ledger grows while it is
 * measured, so iterations are short.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-Xmx1g"})
public class LedgerBenchmark {
  /** How many accounts there are. */
  @Param({"10000", "1000000"})
  public int accounts = 10_000;

  /** How the accounts of a payment are chosen. */
  @Param({"UNIFORM", "ZIPF"})
  public LedgerLoad.Choice choice = LedgerLoad.Choice.UNIFORM;

  private LedgerLoad load = new LedgerLoad(1, LedgerLoad.Choice.UNIFORM);
  private MemorySegment batch = MemorySegment.NULL;

  @Setup(Level.Iteration)
  public void open() {
    load.close();
    load = new LedgerLoad(accounts, choice);
  }

  @Setup(Level.Invocation)
  public void make() {
    batch = load.nextBatch();
  }

  @Benchmark
  @OperationsPerInvocation(LedgerLoad.BATCH_EVENTS)
  public int transfer() {
    return load.apply(batch);
  }

  @TearDown(Level.Trial)
  public void close() {
    load.close();
  }
}
