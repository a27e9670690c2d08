package io.holdfast.testkit;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that keeps exactly what it promised, and nothing more. At a {@link #crash} each
 * 512-byte sector that was written since the last sync of its file is, by the seed, kept, lost,
 * torn, zeroed or has a bit flipped; files created, renamed or deleted since the last sync of their
 * directory are there or not. A call can be told to fail, with a full disk, a failing one, or one
 * that denies, and a write that fails has written a part.
 *
 * <p>The same seed and the same calls give the same bytes; {@link #trace} tells two runs apart. For
 * one thread.
 */
public final class HostileDisk implements Disk {
  private static final int SECTOR_BYTES = 512;

  /** What a call fails with. */
  public enum Fault {
    FULL("No space left on device"),
    FAILING("Input/output error"),
    DENIED("Permission denied");

    private final String message;

    Fault(String message) {
      this.message = message;
    }
  }

  private final Random random;
  private final Map<Path, Inode> files = new TreeMap<>();
  private final Map<Path, Inode> durableFiles = new TreeMap<>();
  private final CRC32C trace = new CRC32C();
  private long calls;
  private long failsAtCall = Long.MAX_VALUE;
  private Fault fault = Fault.FAILING;

  public HostileDisk(long seed) {
    // Small seeds as they are give the same first choice, all of them.
    this.random = new Random(seed * 0x9E37_79B9_7F4A_7C15L);
  }

  /** A file's content now, and what of it is known to be on disk. */
  private static final class Inode {
    private byte[] now = new byte[0];
    private byte[] durable = new byte[0];
    private final Map<Integer, Extent> unsynced = new TreeMap<>(); // by sector
  }

  /** The bytes of a sector that were written: a torn write leaves those beside them alone. */
  private record Extent(int from, int to) {
    Extent and(Extent other) {
      return new Extent(Math.min(from, other.from), Math.max(to, other.to));
    }
  }

  /** Lets the call after so many more calls fail, and every one after it. */
  public void failAfter(long moreCalls, Fault with) {
    failsAtCall = calls + moreCalls;
    fault = with;
  }

  /** Calls work again. */
  public void heal() {
    failsAtCall = Long.MAX_VALUE;
  }

  /** Calls so far that touched the disk. */
  public long calls() {
    return calls;
  }

  /** A number over all calls and crashes so far. */
  public long trace() {
    return trace.getValue();
  }

  /** The power goes: what was not synced is at the mercy of the seed; open files are gone. */
  public void crash() {
    heal();
    Map<Path, Inode> kept = new TreeMap<>();
    Set<Path> names = new HashSet<>(files.keySet());
    names.addAll(durableFiles.keySet());
    for (Path name : names.stream().sorted().toList()) {
      Inode now = files.get(name);
      Inode durable = durableFiles.get(name);
      Inode survivor = now == durable || random.nextBoolean() ? now : durable;
      if (survivor != null) {
        kept.put(name, survivor);
      }
    }
    files.clear();
    durableFiles.clear();
    Map<Inode, Inode> remade = new HashMap<>();
    kept.forEach(
        (name, inode) -> {
          Inode remains = remade.computeIfAbsent(inode, this::remains);
          files.put(name, remains);
          durableFiles.put(name, remains);
        });
    note("crash", files.size());
  }

  private Inode remains(Inode inode) {
    byte[] before = inode.durable;
    byte[] now = inode.now;
    int size =
        now.length > before.length
            ? before.length + random.nextInt(now.length - before.length + 1)
            : (random.nextBoolean() ? now.length : before.length);
    byte[] after = Arrays.copyOf(before, size);
    for (Extent written : inode.unsynced.values()) {
      int to = Math.min(Math.min(written.to(), size), now.length);
      if (written.from() < to) {
        sector(now, after, written.from(), to);
      }
    }
    Inode remains = new Inode();
    remains.now = after;
    remains.durable = after.clone();
    return remains;
  }

  private void sector(byte[] now, byte[] after, int from, int to) {
    switch (random.nextInt(8)) {
      case 0 -> {} // lost
      case 1 -> System.arraycopy(now, from, after, from, random.nextInt(to - from)); // torn
      case 2 -> Arrays.fill(after, from, to, (byte) 0);
      case 3 -> {
        System.arraycopy(now, from, after, from, to - from);
        after[from + random.nextInt(to - from)] ^= (byte) (1 << random.nextInt(8));
      }
      default -> System.arraycopy(now, from, after, from, to - from);
    }
  }

  /** Flips one bit of what is stored, as a failing disk does. */
  public void flip(Path file, long bit) {
    Inode inode = files.get(file);
    if (inode == null) {
      throw new IllegalArgumentException(file + " does not exist");
    }
    int at = (int) (bit / 8);
    inode.now[at] ^= (byte) (1 << (bit % 8));
    inode.durable = inode.now.clone();
  }

  /** The bytes of a file as they are now. */
  public byte[] bytes(Path file) {
    Inode inode = files.get(file);
    return inode == null ? new byte[0] : inode.now.clone();
  }

  private void call(String what, long number) throws IOException {
    calls++;
    note(what, number);
    if (calls > failsAtCall) {
      throw new IOException(fault.message);
    }
  }

  private void note(String what, long number) {
    for (int i = 0; i < what.length(); i++) {
      trace.update(what.charAt(i));
    }
    for (int i = 0; i < Long.BYTES; i++) {
      trace.update((int) (number >>> (8 * i)));
    }
  }

  private Inode inode(Path file) throws IOException {
    Inode inode = files.get(file);
    if (inode == null) {
      throw new FileNotFoundException(file.toString());
    }
    return inode;
  }

  @Override
  public DiskFile create(Path file, Access access) throws IOException {
    call("create " + file, 0);
    if (files.containsKey(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Inode inode = new Inode();
    files.put(file, inode);
    return new OpenFile(inode);
  }

  @Override
  public DiskFile open(Path file) throws IOException {
    call("open " + file, 0);
    return new OpenFile(inode(file));
  }

  @Override
  public DiskFile openForReading(Path file) throws IOException {
    return open(file);
  }

  @Override
  public boolean exists(Path file) {
    return files.containsKey(file);
  }

  @Override
  public boolean isDirectory(Path path) {
    return files.keySet().stream().anyMatch(file -> !file.equals(path) && file.startsWith(path));
  }

  /** Always 1970: this disk has no clock. */
  @Override
  public long modifiedMillis(Path file) throws IOException {
    call("modified " + file, 0);
    inode(file);
    return 0;
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    call("list " + directory, 0);
    Set<Path> found = new TreeSet<>();
    for (Path file : files.keySet()) {
      if (!file.equals(directory) && file.startsWith(directory)) {
        found.add(directory.resolve(directory.relativize(file).getName(0)));
      }
    }
    return List.copyOf(found);
  }

  @Override
  public void createDirectories(Path directory) {
    // A directory is there as soon as a file is in it.
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    call("move " + from + " " + to, 0);
    files.put(to, inode(from));
    files.remove(from);
  }

  @Override
  public void link(Path file, Path secondName) throws IOException {
    call("link " + file + " " + secondName, 0);
    if (files.containsKey(secondName)) {
      throw new FileAlreadyExistsException(secondName.toString());
    }
    files.put(secondName, inode(file));
  }

  @Override
  public void delete(Path file) throws IOException {
    call("delete " + file, 0);
    files.remove(file);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    call("sync " + directory, 0);
    durableFiles.keySet().removeIf(file -> directory.equals(file.getParent()));
    files.forEach(
        (file, inode) -> {
          if (directory.equals(file.getParent())) {
            durableFiles.put(file, inode);
          }
        });
  }

  private final class OpenFile implements DiskFile {
    private final Inode inode;

    OpenFile(Inode inode) {
      this.inode = inode;
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      call("read", position);
      int bytes = Math.clamp(inode.now.length - position, 0, into.remaining());
      into.put(inode.now, (int) position, bytes);
      return bytes;
    }

    /** A copy of what is there now. */
    @Override
    public MemorySegment map(long offset, long bytes, Arena arena) throws IOException {
      call("map", offset);
      if (offset < 0 || bytes < 0 || bytes > inode.now.length - offset) {
        throw new EOFException("cannot map " + bytes + " bytes at " + offset);
      }
      MemorySegment copy = arena.allocate(bytes);
      MemorySegment.copy(inode.now, (int) offset, copy, ValueLayout.JAVA_BYTE, 0, (int) bytes);
      return copy.asReadOnly();
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      IOException failure = null;
      int bytes = from.remaining();
      try {
        call("write", position);
      } catch (IOException e) {
        failure = e;
        bytes = random.nextInt(bytes + 1);
      }
      int end = (int) position + bytes;
      if (end > inode.now.length) {
        inode.now = Arrays.copyOf(inode.now, end);
      }
      from.get(inode.now, (int) position, bytes);
      dirty((int) position, end);
      fail(failure);
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
      call("truncate", sizeBytes);
      if (sizeBytes < inode.now.length) {
        int before = inode.now.length;
        inode.now = Arrays.copyOf(inode.now, (int) sizeBytes);
        dirty((int) sizeBytes, before);
      }
    }

    private void dirty(int from, int to) {
      for (int at = from; at < to; at += SECTOR_BYTES - at % SECTOR_BYTES) {
        int sector = at / SECTOR_BYTES;
        int end = Math.min(to, (sector + 1) * SECTOR_BYTES);
        inode.unsynced.merge(sector, new Extent(at, end), Extent::and);
      }
    }

    @Override
    public long sizeBytes() {
      return inode.now.length;
    }

    @Override
    public void sync() throws IOException {
      call("sync", inode.now.length);
      inode.durable = inode.now.clone();
      inode.unsynced.clear();
    }

    @Override
    public void close() {
      // Closing promises nothing.
    }
  }

  private static void fail(@Nullable IOException failure) throws IOException {
    if (failure != null) {
      throw failure;
    }
  }
}
