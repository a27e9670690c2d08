package io.holdfast.journal;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of files that never change once they are whole, and so are the same on every node of a
 * site: a node that lacks one can have it from another.
 */
public enum FileKind {
  SEGMENT(1, "journal", "0{6}\\d{14}\\.segment"),
  RUN(2, "index", "0{6}\\d{14}-0{6}\\d{14}\\.index"),
  CHECKPOINT(3, "checkpoints", "0{6}\\d{14}\\.checkpoint");

  private final byte code;
  private final String directory;
  private final Pattern name;

  FileKind(int code, String directory, String name) {
    this.code = (byte) code;
    this.directory = directory;
    this.name = Pattern.compile(name);
  }

  /** How messages call it. */
  public byte code() {
    return code;
  }

  /** The kind of a message; null if there is none of that code. */
  public static @Nullable FileKind of(byte code) {
    for (FileKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    return null;
  }

  /** Where in a node's directory they lie. */
  String directory() {
    return directory;
  }

  /** Whether a file of this kind can have this name; no other name may become part of a path. */
  public boolean isName(String candidate) {
    return name.matcher(candidate).matches();
  }
}
