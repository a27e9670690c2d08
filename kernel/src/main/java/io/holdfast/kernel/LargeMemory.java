package io.holdfast.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Zeroed off-heap memory for tables that are read at random. On Linux it is mapped at a boundary of
 * 2 MiB and the kernel is asked for huge pages, so that a look-up in a large table does not also
 * have to look up where its page is. Where that is refused or unknown, plain memory serves as well,
 * only slower: nothing but speed depends on it.
 */
public final class LargeMemory {
  /** The size of a huge page, and the least size that is worth one. */
  public static final long HUGE_PAGE_BYTES = 2 << 20;

  private static final int PAGE_BYTES = 4096;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
  private static final int MADV_HUGEPAGE = 14;
  private static final @Nullable Calls CALLS = Calls.find();

  private LargeMemory() {}

  /** Memory that lives as long as the arena. */
  public static MemorySegment allocate(Arena arena, long bytes) {
    Calls calls = CALLS;
    MemorySegment mapped =
        calls == null || bytes < HUGE_PAGE_BYTES ? null : calls.map(arena, bytes);
    return mapped == null ? arena.allocate(bytes, PAGE_BYTES) : mapped;
  }

  /** The three system calls. */
  private record Calls(MethodHandle mmap, MethodHandle madvise, MethodHandle munmap) {

    @SuppressWarnings("restricted")
    static @Nullable Calls find() {
      if (!System.getProperty("os.name", "").equals("Linux")) {
        return null;
      }
      try {
        Linker linker = Linker.nativeLinker();
        return new Calls(
            linker.downcallHandle(
                linker.defaultLookup().findOrThrow("mmap"),
                FunctionDescriptor.of(
                    ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG)),
            linker.downcallHandle(
                linker.defaultLookup().findOrThrow("madvise"),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT)),
            linker.downcallHandle(
                linker.defaultLookup().findOrThrow("munmap"),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG)));
      } catch (RuntimeException e) { // no such function here, or native access is not allowed
        return null;
      }
    }

    @SuppressWarnings("restricted")
    @Nullable MemorySegment map(Arena arena, long bytes) {
      long length = bytes + HUGE_PAGE_BYTES; // room to begin at a boundary
      try {
        MemorySegment mapped =
            (MemorySegment)
                mmap.invokeExact(
                    MemorySegment.NULL, length, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
        if (mapped.address() == -1) {
          return null;
        }
        MemorySegment whole = mapped.reinterpret(length, arena, segment -> unmap(segment, length));
        long skipped = -mapped.address() & (HUGE_PAGE_BYTES - 1);
        MemorySegment aligned = whole.asSlice(skipped, bytes);
        int refused = (int) madvise.invokeExact(aligned, bytes, MADV_HUGEPAGE);
        Invariants.check(refused == 0 || refused == -1, "madvise answers 0 or -1");
        return aligned;
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException("a system call throws nothing", e);
      }
    }

    private void unmap(MemorySegment segment, long length) {
      try {
        int failed = (int) munmap.invokeExact(segment, length);
        Invariants.check(failed == 0, "memory that was mapped is unmapped");
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException("a system call throws nothing", e);
      }
    }
  }
}
