package io.holdfast.vault;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The object {@code keys/N}: in clear, who can open the repository's keys and how, and those keys,
 * sealed for each of them. The highest N counts; it is made from the one before and never changed.
 * Times are nanoseconds since 1970, bytes hex.
 *
 * @param repository drawn when the repository was made
 * @param dataKeys how many keys for data there are
 * @param dataKeySince when the newest of them was made
 */
public record KeysObject(
    int format,
    String repository,
    long number,
    long writtenAt,
    int dataKeys,
    long dataKeySince,
    List<Slot> slots) {
  static final int FORMAT = 1;
  static final String PREFIX = "keys/";

  /** Nobody needs more, and each may cost the stretching of a passphrase. */
  static final int SLOTS_MAX = 32;

  public KeysObject {
    slots = List.copyOf(slots);
  }

  /**
   * A place for one master key.
   *
   * @param publicKey to which the keys are sealed, X25519
   * @param secret the private key and the repository's own secret, locked by the master key
   * @param keys the repository's keys, sealed
   */
  public record Slot(
      String name, long addedAt, SlotLock lock, String publicKey, String secret, String keys) {
    public Slot {
      checkName(name);
    }

    Slot with(String sealedKeys) {
      return new Slot(name, addedAt, lock, publicKey, secret, sealedKeys);
    }
  }

  /** Refuses what is no name for a slot; code {@code malformed-slot-name}. */
  public static void checkName(String name) {
    if (!name.matches("[a-z0-9][a-z0-9-]{0,31}")) {
      throw new HoldfastException(
          "malformed-slot-name",
          "'" + name + "' is no name for a key slot",
          "allowed: up to 32 lower-case letters, digits and dashes");
    }
  }

  static String name(long number) {
    return PREFIX + "%010d".formatted(number);
  }

  /** What every slot's sealed keys vouch for: all but themselves. */
  byte[] digest() {
    KeysObject bare =
        new KeysObject(
            format,
            repository,
            number,
            writtenAt,
            dataKeys,
            dataKeySince,
            slots.stream().map(slot -> slot.with("")).toList());
    try {
      return MessageDigest.getInstance("SHA-256").digest(bare.bytes());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  byte[] bytes() {
    try {
      return Manifests.JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("keys can be written as JSON", e);
    }
  }

  /**
   * Reads one.
   *
   * @throws HoldfastException code {@code object-damaged}, {@code format-unknown}
   */
  static KeysObject parse(String name, byte[] bytes) {
    try {
      int format = Manifests.JSON.readTree(bytes).path("format").asInt();
      if (format > FORMAT) {
        throw new HoldfastException(
            "format-unknown",
            name + " has format " + format + "; this version of Holdfast knows " + FORMAT,
            "use the version that wrote it, or a later one");
      }
      KeysObject read = Manifests.JSON.readValue(bytes, KeysObject.class);
      Set<String> names = new HashSet<>();
      read.slots.forEach(slot -> names.add(slot.name()));
      if (format == FORMAT
          && name.equals(name(read.number))
          && !names.isEmpty()
          && names.size() == read.slots.size()
          && names.size() <= SLOTS_MAX) {
        return read;
      }
      throw damaged(name, "its number or its slots cannot be", null);
    } catch (IOException | RuntimeException e) {
      if (e instanceof HoldfastException known && !known.code().startsWith("malformed-")) {
        throw known;
      }
      throw damaged(name, "it is not what was written", e);
    }
  }

  static HoldfastException damaged(String name, String why, @Nullable Exception cause) {
    String message = "object " + name + " is damaged: " + why;
    String hint = "it holds the keys of the repository: put its copy from elsewhere in its place";
    return cause == null
        ? new HoldfastException("object-damaged", message, hint)
        : new HoldfastException("object-damaged", message, hint, cause);
  }
}
