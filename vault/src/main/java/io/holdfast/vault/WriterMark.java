package io.holdfast.vault;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Says of a process that it writes to a repository, or deletes from it. Its name is {@code
 * writers/ID-NNNNNNNN}: the number grows with each renewal, and the highest of an id counts.
 *
 * @param startedAt nanoseconds since 1970, by the writer's clock: for people only
 * @param process null where it is not known, and in marks of before it was told
 * @param ended whether it is done: said where the store does not let the mark be deleted
 */
record WriterMark(
    int format,
    Writers.Role role,
    String host,
    long pid,
    long startedAt,
    @Nullable OwnProcess process,
    boolean ended) {
  static final int FORMAT = 1;
  static final String PREFIX = "writers/";
  private static final int ID_DIGITS = 32;

  /** What a name says. */
  record Name(String id, long number) {
    @Override
    public String toString() {
      return PREFIX + id + String.format(Locale.ROOT, "-%08d", number);
    }

    /** Null when it is the name of something else. */
    static @Nullable Name parse(String name) {
      return name.matches(PREFIX + "[0-9a-f]{" + ID_DIGITS + "}-[0-9]{8,}")
          ? new Name(
              name.substring(PREFIX.length(), PREFIX.length() + ID_DIGITS),
              Long.parseLong(name.substring(PREFIX.length() + ID_DIGITS + 1)))
          : null;
    }
  }

  /** The same of a writer that is done. */
  WriterMark over() {
    return new WriterMark(format, role, host, pid, startedAt, process, true);
  }

  void put(Vault vault, Name name) {
    try {
      byte[] signed = vault.keys().sign(Manifests.JSON.writeValueAsBytes(this));
      vault.repository().put(name.toString(), vault.keys().seal(name.toString(), signed));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a mark can be written as JSON", e);
    }
  }

  /** Null when it was deleted meanwhile, or says nothing that can be read. */
  static @Nullable WriterMark read(Vault vault, Name name) {
    try {
      return Manifests.JSON.readValue(vault.published(name.toString()), WriterMark.class);
    } catch (IOException notMarked) {
      return null;
    } catch (HoldfastException e) {
      if (e.code().startsWith("repository-")) {
        throw e;
      }
      return null;
    }
  }
}
