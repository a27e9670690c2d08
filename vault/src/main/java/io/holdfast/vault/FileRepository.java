package io.holdfast.vault;

import io.holdfast.kernel.Clock;
import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.HoldfastException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A repository in a directory: an object is a file of its name. It is written and synced under a
 * name of its own, {@code .writing-RANDOM}, and then linked to the object's name, which fails if
 * that is taken: so it is there whole or not at all, and whoever comes first wins, of all threads
 * and processes. What an interrupted write left behind is ignored, and removed after a day.
 *
 * <p>The root has a file {@value #MARKER}. Without it nothing is written: where a disk is not
 * mounted, there is an empty directory, and a backup in it would be on the wrong disk. A second
 * one, {@value #RESERVE}, keeps some room: an expiry writes a little before it deletes.
 */
final class FileRepository implements Repository {
  static final String MARKER = "holdfast.repository";
  static final String RESERVE = "holdfast.reserve";

  /** Some marks of an expiry, a record of what goes, and a directory for each. */
  static final int RESERVE_BYTES = 128 << 10;

  private static final String WRITING = ".writing-";
  private static final byte[] MARKER_TEXT =
      "This directory is a backup repository of Holdfast. Leave it to the command holdfast backup.\n"
          .getBytes(StandardCharsets.US_ASCII);

  // No write of one object takes that long.
  private static final long LEFTOVER_MILLIS = 24 * 3_600_000L;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path root;
  private final Disk disk;

  // Directories whose own names are on disk, as far as this process knows.
  private final Set<Path> durableDirectories = ConcurrentHashMap.newKeySet();

  private FileRepository(Path root, Disk disk) {
    this.root = root;
    this.disk = disk;
  }

  /** Makes the directory and the marker, unless they are there. */
  static void create(Path root, Disk disk) {
    try {
      Path marker = root.resolve(MARKER);
      if (disk.exists(marker)) {
        return;
      }
      disk.createDirectories(root);
      disk.writeDurably(marker, MARKER_TEXT);
      Path parent = root.getParent();
      if (parent != null) {
        disk.syncDirectory(parent);
      }
    } catch (IOException e) {
      throw FileFaults.coded(e, "file:" + root, root);
    }
  }

  static FileRepository open(Path root, Disk disk, Clock clock) {
    FileRepository repository = new FileRepository(root, disk);
    repository.demandMarker();
    repository.removeLeftovers(clock.wallNanos() / NANOS_PER_MILLI);
    repository.keepReserve();
    return repository;
  }

  /** Without one it does its work as well, until it is full; one that may only read makes none. */
  private void keepReserve() {
    Path reserve = root.resolve(RESERVE);
    try {
      if (!disk.exists(reserve)) {
        byte[] noise = new byte[RESERVE_BYTES]; // some file systems keep no room for zeros
        RANDOM.nextBytes(noise);
        var _ = write(reserve, noise);
      }
    } catch (IOException ignored) {
      // Full, or not to be written: whoever writes next says so.
    }
  }

  @Override
  public boolean giveUpReserve() {
    Path reserve = root.resolve(RESERVE);
    try {
      if (!disk.exists(reserve)) {
        return false;
      }
      disk.delete(reserve);
      disk.syncDirectory(root);
      return true;
    } catch (IOException e) {
      throw fault(e);
    }
  }

  private void demandMarker() {
    if (!isThere(root.resolve(MARKER))) {
      throw FileFaults.missing(describe(), root.resolve(MARKER));
    }
  }

  /** Opens it, for what may not be read looks as if it did not exist. */
  private boolean isThere(Path file) {
    try {
      disk.openForReading(file).close();
      return !disk.isDirectory(file);
    } catch (IOException e) {
      if (FileFaults.isMissing(e)) {
        return false;
      }
      throw FileFaults.coded(e, describe(), root);
    }
  }

  /** Leftovers do no harm: that they can't be removed is no reason not to go on. */
  private void removeLeftovers(long nowMillis) {
    try {
      for (Path file : disk.list(root)) {
        if (isLeftover(file) && nowMillis - disk.modifiedMillis(file) > LEFTOVER_MILLIS) {
          disk.delete(file);
        }
      }
    } catch (IOException ignored) {
      // Another process may have removed it, or this one may only read.
    }
  }

  private static boolean isLeftover(Path file) {
    return String.valueOf(file.getFileName()).startsWith(WRITING);
  }

  @Override
  public String describe() {
    return "file:" + root;
  }

  @Override
  public boolean put(String name, byte[] bytes) {
    Path file = file(name);
    demandMarker();
    try {
      if (disk.exists(file)) {
        disk.syncDirectory(directory(file)); // who wrote it may not have come that far
        return false;
      }
      makeDirectories(directory(file));
      boolean first = write(file, bytes);
      disk.syncDirectory(directory(file));
      return first;
    } catch (IOException e) {
      throw fault(e);
    }
  }

  private boolean write(Path file, byte[] bytes) throws IOException {
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    Path beside = root.resolve(WRITING + HexFormat.of().formatHex(random));
    try {
      try (DiskFile written = disk.create(beside, Disk.Access.OWNER)) {
        written.write(ByteBuffer.wrap(bytes), 0);
        written.sync();
      }
      disk.link(beside, file);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } finally {
      deleteQuietly(beside);
    }
  }

  private void deleteQuietly(Path beside) {
    try {
      disk.delete(beside);
    } catch (IOException ignored) {
      // A leftover, removed after a day.
    }
  }

  private void makeDirectories(Path directory) throws IOException {
    if (durableDirectories.contains(directory)) {
      return;
    }
    disk.createDirectories(directory);
    for (Path at = directory; !at.equals(root); ) {
      at = directory(at);
      disk.syncDirectory(at);
    }
    durableDirectories.add(directory);
  }

  @Override
  public byte[] get(String name) {
    Path file = file(name);
    try (DiskFile stored = disk.openForReading(file)) {
      long size = stored.sizeBytes();
      if (size > OBJECT_BYTES_MAX) {
        throw RepositoryFaults.damaged(describe(), name, "has " + size + " bytes");
      }
      byte[] bytes = new byte[(int) size];
      if (stored.read(ByteBuffer.wrap(bytes), 0) != size) {
        throw new EOFException(file + " ends early");
      }
      return bytes;
    } catch (IOException e) {
      if (FileFaults.isMissing(e)) {
        demandMarker();
        throw RepositoryFaults.missingObject(describe(), name);
      }
      throw fault(e);
    }
  }

  @Override
  public boolean has(String name) {
    Path file = file(name);
    if (!isThere(file)) {
      demandMarker();
      return false;
    }
    try {
      disk.syncDirectory(directory(file)); // others build on it: it must outlast a crash
      return true;
    } catch (IOException e) {
      throw fault(e);
    }
  }

  @Override
  public List<StoredObject> list(String prefix) {
    ObjectNames.checkPrefix(prefix);
    demandMarker();
    List<StoredObject> found = new ArrayList<>();
    Path start = root.resolve(prefix.substring(0, prefix.lastIndexOf('/') + 1));
    try {
      collect(start, prefix, found);
    } catch (IOException e) {
      throw fault(e);
    }
    found.sort(Comparator.comparing(StoredObject::name));
    return found;
  }

  private void collect(Path directory, String prefix, List<StoredObject> into) throws IOException {
    for (Path path : disk.list(directory)) {
      String name = root.relativize(path).toString();
      if (isLeftover(path) || name.equals(MARKER) || name.equals(RESERVE)) {
        continue;
      }
      if (disk.isDirectory(path)) {
        if (name.startsWith(prefix) || prefix.startsWith(name)) {
          collect(path, prefix, into);
        }
      } else if (name.startsWith(prefix)) {
        stored(path, name, into);
      }
    }
  }

  private void stored(Path path, String name, List<StoredObject> into) throws IOException {
    try (DiskFile file = disk.openForReading(path)) {
      into.add(new StoredObject(name, file.sizeBytes(), disk.modifiedMillis(path)));
    } catch (IOException e) {
      if (!FileFaults.isMissing(e)) { // else deleted meanwhile
        throw e;
      }
    }
  }

  @Override
  public void delete(String name) {
    Path file = file(name);
    demandMarker();
    try {
      if (disk.exists(file)) {
        disk.delete(file);
        disk.syncDirectory(directory(file));
      }
    } catch (IOException e) {
      throw fault(e);
    }
  }

  @Override
  public void close() {
    // Nothing is kept open.
  }

  private Path file(String name) {
    ObjectNames.check(name);
    return root.resolve(name);
  }

  private static Path directory(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(file + " is in no directory");
    }
    return parent;
  }

  private HoldfastException fault(IOException cause) {
    if (FileFaults.isMissing(cause)) {
      demandMarker();
    }
    return FileFaults.coded(cause, describe(), root);
  }
}
