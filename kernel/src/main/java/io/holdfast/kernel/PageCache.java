package io.holdfast.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The memory in which the operating system keeps what was read from files and written to them. What
 * is written once and hardly read again drives out what is needed there, and takes fresh memory for
 * each page, which on virtual machines costs more than all else about writing. Whoever writes so
 * lets go of the pages once they are on disk; the system then takes the same ones again.
 *
 * <p>This is advice, by {@code posix_fadvise}: nothing depends on it, and where it can't be given
 * nothing happens.
 */
public final class PageCache {
  private static final int READ_AND_CLOSE_ON_EXEC = 0x8_0000; // O_RDONLY | O_CLOEXEC
  private static final int DONT_NEED = 4; // POSIX_FADV_DONTNEED

  private static final @Nullable PageCache SYSTEM = ofSystem();

  private final MethodHandle open;
  private final MethodHandle advise;
  private final MethodHandle close;

  @SuppressWarnings("restricted") // calls into the C library are what this is for
  private PageCache(Linker linker, SymbolLookup lookup) {
    this.open =
        linker.downcallHandle(
            lookup.findOrThrow("open"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    this.advise =
        linker.downcallHandle(
            lookup.findOrThrow("posix_fadvise"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT));
    this.close =
        linker.downcallHandle(
            lookup.findOrThrow("close"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }

  private static @Nullable PageCache ofSystem() {
    String system = System.getProperty("os.name", "");
    String processor = System.getProperty("os.arch", "");
    boolean known =
        system.equals("Linux") && (processor.equals("amd64") || processor.equals("aarch64"));
    if (!known) {
      return null; // its constants may be others
    }
    try {
      Linker linker = Linker.nativeLinker();
      return new PageCache(linker, linker.defaultLookup());
    } catch (RuntimeException e) {
      return null;
    }
  }

  /** Whether advice can be given here. */
  public static boolean takesAdvice() {
    return SYSTEM != null;
  }

  /** Lets go of the pages of a file that are on disk by now; those that are not stay. */
  public static void drop(Path file) {
    if (SYSTEM != null) {
      SYSTEM.advise(file);
    }
  }

  private void advise(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(file.toString());
      int descriptor = (int) open.invokeExact(name, READ_AND_CLOSE_ON_EXEC);
      if (descriptor < 0) {
        return; // gone, or not ours to open
      }
      int _ = (int) advise.invokeExact(descriptor, 0L, 0L, DONT_NEED);
      int _ = (int) close.invokeExact(descriptor);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call into the C library threw", e);
    }
  }
}
