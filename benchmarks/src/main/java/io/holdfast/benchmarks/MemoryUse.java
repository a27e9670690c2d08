package io.holdfast.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process holds, in MiB.
 *
 * @param heapLive on the heap after a collection
 * @param heapCommitted of the heap, whether used or not
 * @param offHeap of memory that no file backs and that is not the heap: what the ledger keeps, and
 *     the JVM's own: code, classes, stacks, collector
 * @param mapped of files that are mapped and near: filters of the index, and libraries
 */
record MemoryUse(long heapLive, long heapCommitted, long offHeap, long mapped) {
  private static final long KIB_PER_MIB = 1024;
  private static final int BYTES_SHIFT = 20;

  /** Collects garbage first. */
  static MemoryUse now() throws IOException {
    System.gc();
    var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    long committed = heap.getCommitted() >> BYTES_SHIFT;
    return new MemoryUse(
        heap.getUsed() >> BYTES_SHIFT,
        committed,
        Math.max(0, mib("RssAnon:") - committed),
        mib("RssFile:"));
  }

  private static long mib(String name) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / KIB_PER_MIB;
      }
    }
    return 0;
  }

  void putInto(Figures figures) {
    figures
        .put("heap_live_mib", heapLive)
        .put("heap_committed_mib", heapCommitted)
        .put("off_heap_mib", offHeap)
        .put("mapped_mib", mapped);
  }
}
