package io.holdfast.cluster;

import io.holdfast.journal.FileKind;
import io.holdfast.journal.FileListing;
import io.holdfast.kernel.HoldfastException;

/** Somewhere files can be had from: another node. Its calls block. For any thread. */
interface FileSource {
  /** The node's id. */
  String name();

  /**
   * What there is.
   *
   * @throws HoldfastException code {@code peer-unavailable}
   */
  FileListing list();

  /**
   * What there is of one file.
   *
   * @throws HoldfastException code {@code peer-unavailable}
   */
  FileListing list(FileKind kind, String name);

  /**
   * Reads a part of a file; less than {@code length} only at its end.
   *
   * @throws HoldfastException codes {@code no-such-file}, {@code peer-unavailable}
   */
  byte[] read(FileKind kind, String name, long offset, int length);
}
