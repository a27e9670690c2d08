package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What opens a repository's keys: a passphrase, a file with 32 random bytes, or a key that a key
 * management service keeps. It never gets into a repository, a message or a log.
 */
public sealed interface MasterKey {
  /** How people call this kind of key. */
  String words();

  /** Refuses a master key that cannot be read; before anything is made that it is to open. */
  default void check() {
    switch (this) {
      case Passphrase _ -> {}
      case KeyFile keyFile -> Arrays.fill(MasterKeyFiles.key(keyFile.file()), (byte) 0);
      case Kms kms -> KeyServices.aead(kms.uri());
    }
  }

  /** A passphrase, stretched with Argon2id. */
  final class Passphrase implements MasterKey {
    /** For one that is to lock something new; of random words or letters, it is out of reach. */
    public static final int NEW_CHARACTERS_MIN = 12;

    /** Longer ones are a file that somebody named by mistake. */
    static final int CHARACTERS_MAX = 1024;

    private final char[] value;

    /** Copies it; the caller wipes its own. */
    public Passphrase(char[] value) {
      if (value.length == 0) {
        throw new HoldfastException(
            "malformed-passphrase",
            "the passphrase is empty",
            "give the passphrase that locks the repository, or another way to open it");
      }
      if (value.length > CHARACTERS_MAX) {
        throw new HoldfastException(
            "malformed-passphrase",
            "the passphrase has more than " + CHARACTERS_MAX + " characters",
            "");
      }
      this.value = value.clone();
    }

    /** Reads the first line of a file that its owner alone may read. */
    public static Passphrase read(Path file) {
      byte[] bytes = MasterKeyFiles.read(file);
      CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
      Arrays.fill(bytes, (byte) 0);
      int end = 0;
      while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
        end++;
      }
      char[] line = new char[end];
      text.get(line);
      Arrays.fill(text.array(), '\0');
      try {
        if (end == 0) {
          throw new HoldfastException(
              "malformed-passphrase",
              "the first line of " + file + " is empty; allowed: the passphrase in it",
              "write the passphrase into its first line");
        }
        return new Passphrase(line);
      } finally {
        Arrays.fill(line, '\0');
      }
    }

    /** Refuses one that is too short to lock something new; code {@code weak-passphrase}. */
    public void refuseIfWeak() {
      if (value.length < NEW_CHARACTERS_MIN) {
        throw new HoldfastException(
            "weak-passphrase",
            "the passphrase has "
                + value.length
                + " characters; allowed: at least "
                + NEW_CHARACTERS_MIN,
            "take five or more random words; who has the repository can try at leisure");
      }
    }

    /** In UTF-8; whoever gets it wipes it. */
    byte[] utf8() {
      byte[] room = new byte[3 * value.length]; // a char takes 3 bytes at most
      ByteBuffer bytes = ByteBuffer.wrap(room);
      StandardCharsets.UTF_8
          .newEncoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .encode(CharBuffer.wrap(value), bytes, true);
      byte[] exact = Arrays.copyOf(room, bytes.position());
      Arrays.fill(room, (byte) 0);
      return exact;
    }

    @Override
    public String words() {
      return "the passphrase";
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Passphrase same && Arrays.equals(value, same.value);
    }

    /** The same for all, so that it tells nothing. */
    @Override
    public int hashCode() {
      return 1;
    }

    @Override
    public String toString() {
      return "Passphrase[…]";
    }
  }

  /** A file with 64 hex digits. */
  record KeyFile(Path file) implements MasterKey {
    public KeyFile {
      Objects.requireNonNull(file);
    }

    @Override
    public String words() {
      return "key file " + file;
    }
  }

  /** A key of a service, by the URI that its client takes. */
  record Kms(String uri) implements MasterKey {
    public Kms {
      Objects.requireNonNull(uri);
    }

    @Override
    public String words() {
      return "key " + uri;
    }
  }
}
