package io.holdfast.journal;

import io.holdfast.kernel.HoldfastException;
import java.nio.file.Path;

/** A file is not what was written; another node has the same file, so that it can be mended. */
public final class DamagedFileException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  private final FileKind kind;
  private final transient Path file;

  DamagedFileException(FileKind kind, Path file, String code, String message, String hint) {
    super(code, message, hint);
    this.kind = kind;
    this.file = file;
  }

  public FileKind kind() {
    return kind;
  }

  /** The file's name. */
  public String name() {
    return String.valueOf(file.getFileName());
  }
}
