package io.holdfast.kernel;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names what a disk said. */
public final class DiskFaults {
  private DiskFaults() {}

  /**
   * A coded exception for a write or read that failed: {@code disk-full} or {@code disk-failed}.
   */
  public static HoldfastException coded(@Nullable Throwable cause, Path where) {
    if (cause != null && isFull(cause)) {
      return new HoldfastException(
          "disk-full",
          "the disk that holds " + where + " is full",
          "the node stopped itself, nothing acknowledged is lost; make room and start it again",
          cause);
    }
    String hint = "the node stopped itself; check the disk, then start it again";
    String message = "writing or reading below " + where + " failed: " + cause;
    return cause == null
        ? new HoldfastException("disk-failed", message, hint)
        : new HoldfastException("disk-failed", message, hint, cause);
  }

  /** Whether this came of a lack of room, on the disk or for its user. */
  public static boolean isFull(Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      String message = String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT);
      if (message.contains("no space left") || message.contains("quota exceeded")) {
        return true;
      }
    }
    return false;
  }
}
