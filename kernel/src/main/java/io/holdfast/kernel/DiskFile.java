package io.holdfast.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** An open file of a {@link Disk}, read and written by position. */
public interface DiskFile extends AutoCloseable {
  /** Reads until the buffer is full or the file ends; returns the bytes read. */
  int read(ByteBuffer into, long position) throws IOException;

  /**
   * Maps a part of the file, which must be there as a whole, for reading. The mapping lasts as long
   * as its arena, whether the file is closed or not.
   */
  MemorySegment map(long offset, long bytes, Arena arena) throws IOException;

  /** Writes all that remains in the buffer. */
  void write(ByteBuffer from, long position) throws IOException;

  /** Cuts the file off at this size. */
  void truncate(long sizeBytes) throws IOException;

  long sizeBytes() throws IOException;

  /** Returns when all that was written, and the file's size, is on disk. */
  void sync() throws IOException;

  /**
   * Says that what was synced will hardly be read soon, so that memory need not keep it. Advice:
   * nothing depends on it.
   */
  default void letGo() {}

  @Override
  void close() throws IOException;
}
