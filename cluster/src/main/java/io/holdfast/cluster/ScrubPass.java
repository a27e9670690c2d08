package io.holdfast.cluster;

import io.holdfast.cluster.ScrubStatus.Finding;
import io.holdfast.journal.FileCheck;
import io.holdfast.journal.FileKind;
import io.holdfast.journal.JournalSegment.Fault;
import io.holdfast.journal.StoredFiles;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads once all that a node has on disk: segments, runs and checkpoints, which it lets mend; the
 * beginning of the segment that is written, the closed segments of the log of consensus, and the
 * small files, of which it says what to do. For one thread.
 */
final class ScrubPass {
  private final Path directory;
  private final Path log;
  private final Replica replica;
  private final FileCheck check;
  private final Mender mender;
  private final ScrubFindings findings;
  private final LongConsumer read;
  private final BooleanSupplier stopped;
  private long files;

  /**
   * @param log the directory of the log of consensus
   * @param read is told how many bytes were read, and may wait
   */
  ScrubPass(
      Path directory,
      Path log,
      Replica replica,
      FileCheck check,
      Mender mender,
      ScrubFindings findings,
      LongConsumer read,
      BooleanSupplier stopped) {
    this.directory = directory;
    this.log = log;
    this.replica = replica;
    this.check = check;
    this.mender = mender;
    this.findings = findings;
    this.read = read;
    this.stopped = stopped;
  }

  /** Bytes that there are to read now. */
  long totalBytes() {
    try {
      long total = 0;
      for (StoredFiles.Named named : replica.files().complete()) {
        total += size(named.file());
      }
      StoredFiles.Open open = replica.files().open();
      total += open == null ? 0 : open.syncedBytes();
      for (LogScan.Closed closed : LogScan.closed(log)) {
        total += size(closed.file());
      }
      return total;
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0; // it is gone by now, or says so when it is read
    }
  }

  /** Files that were read. */
  long files() {
    return files;
  }

  void run() {
    Set<String> there = new HashSet<>();
    try {
      for (StoredFiles.Named named : replica.files().complete()) {
        if (stopped.getAsBoolean()) {
          return;
        }
        there.add(named(named.file()));
        look(named.kind(), named.name());
      }
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
    StoredFiles.Open open = replica.files().open();
    if (open != null) {
      there.add(named(open.file()));
      lookAtBeginning(open);
    }
    for (LogScan.Closed closed : LogScan.closed(log)) {
      if (stopped.getAsBoolean()) {
        return;
      }
      there.add(named(closed.file()));
      look(closed);
    }
    there.addAll(smallFiles());
    for (Finding finding : findings.unmended()) {
      if (!there.contains(finding.file())) {
        findings.sound(finding.file()); // merged, cut off, or no longer kept
      }
    }
  }

  /** Reads one file that others have too, and lets it mend if it is damaged. */
  void look(FileKind kind, String name) {
    StoredFiles.Open open = replica.files().open();
    if (open != null && String.valueOf(open.file().getFileName()).equals(name)) {
      lookAtBeginning(open);
      return;
    }
    Path file = replica.files().places().file(kind, name);
    String fault = faultOf(file, () -> check.fault(kind, file, true, read));
    files++;
    if (fault == null) {
      findings.sound(named(file));
      return;
    }
    Mender.Result result = mender.tryMend(kind, name, true);
    if (result.mended()) {
      replica.mended(kind, name);
      findings.add(new Finding(named(file), fault, Finding.MENDED, ""));
    } else if (Files.exists(file)) {
      findings.add(
          new Finding(named(file), fault, Finding.UNMENDED, result.why() + "; it is tried again"));
    }
  }

  private void lookAtBeginning(StoredFiles.Open open) {
    String fault =
        faultOf(open.file(), () -> check.faultBefore(open.file(), open.syncedBytes(), read));
    files++;
    report(
        open.file(),
        fault,
        Finding.UNMENDED,
        "it is still written and is mended when it is sealed, or at the next start");
  }

  private void look(LogScan.Closed closed) {
    long size = size(closed.file());
    String fault =
        faultOf(
            closed.file(),
            () -> {
              closed.check();
              return null;
            });
    read.accept(size);
    files++;
    io.holdfast.journal.Recovery.Point covered = replica.covered();
    boolean needed = covered == null || closed.lastIndex() > covered.index();
    report(
        closed.file(),
        fault,
        needed ? Finding.UNMENDED : Finding.HARMLESS,
        needed
            ? "this node must not stop until the journal covers it, for it would not start again;"
                + " other nodes have the entries"
            : "the journal covers it, and it is cut off soon");
  }

  private Set<String> smallFiles() {
    Set<String> there = new HashSet<>();
    small(there, directory.resolve("genesis.json"), () -> Genesis.read(directory));
    small(there, directory.resolve("progress.json"), () -> Progress.read(directory));
    small(
        there,
        directory.resolve("keys").resolve("data.key"),
        () -> Genesis.read(directory).dataKey(directory.resolve("keys")));
    return there;
  }

  private void small(Set<String> there, Path file, Runnable reading) {
    there.add(named(file));
    files++;
    String fault =
        faultOf(
            file,
            () -> {
              reading.run();
              return null;
            });
    report(
        file,
        fault,
        Finding.UNMENDED,
        "this node goes on, but would not start again: put a copy back before it stops, see"
            + " docs/operate/scrub.md");
  }

  private void report(Path file, @Nullable String fault, String outcome, String note) {
    if (fault == null) {
      findings.sound(named(file));
    } else {
      findings.add(new Finding(named(file), fault, outcome, note));
    }
  }

  private interface Reading {
    @Nullable Fault run() throws IOException;
  }

  /** What is wrong with a file, in words; null if nothing is, or if it went away meanwhile. */
  private static @Nullable String faultOf(Path file, Reading reading) {
    try {
      Fault fault = reading.run();
      return fault == null ? null : "byte " + fault.offset() + ": " + fault.what();
    } catch (IOException | UncheckedIOException e) {
      return Files.exists(file) ? "it cannot be read: " + e.getMessage() : null;
    } catch (HoldfastException e) {
      return Files.exists(file) ? e.message() : null;
    }
  }

  private String named(Path file) {
    return directory.toAbsolutePath().relativize(file.toAbsolutePath()).toString();
  }

  /** For lists in messages. */
  static List<String> incidents(ScrubFindings findings) {
    return findings.unmended().stream().map(Finding::incident).toList();
  }
}
