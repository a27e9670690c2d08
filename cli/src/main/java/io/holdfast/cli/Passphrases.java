package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.MasterKey;
import java.util.Arrays;
import java.util.Optional;

/** Gets passphrases from the environment or from a person, without echo. */
record Passphrases(Console console) {
  /**
   * A passphrase.
   *
   * @param variable of the environment, which goes first
   * @param what it is asked for as
   * @param twice whether a person must repeat it, for a mistyped new one would be lost
   * @throws HoldfastException code {@code no-master-key}
   */
  MasterKey.Passphrase ask(String variable, String what, boolean twice) {
    String given = console.environment().getOrDefault(variable, "");
    if (!given.isEmpty()) {
      return new MasterKey.Passphrase(given.toCharArray());
    }
    java.io.Console person =
        Optional.ofNullable(System.console())
            .filter(java.io.Console::isTerminal)
            .orElseThrow(
                () ->
                    new HoldfastException(
                        "no-master-key",
                        "no master key is given, and nobody is there to be asked for a " + what,
                        "give --key-file, --passphrase-file or --kms, or set " + variable));
    char[] typed = read(person, what + ": ");
    try {
      if (twice) {
        char[] again = read(person, what + " again: ");
        boolean same = Arrays.equals(typed, again);
        Arrays.fill(again, '\0');
        if (!same) {
          throw new HoldfastException(
              "malformed-passphrase", "the two are not the same; nothing was done", "");
        }
      }
      return new MasterKey.Passphrase(typed);
    } finally {
      Arrays.fill(typed, '\0');
    }
  }

  private static char[] read(java.io.Console person, String prompt) {
    char[] typed = person.readPassword("%s", prompt);
    if (typed == null) {
      throw new HoldfastException("interrupted", "nothing was typed", "");
    }
    return typed;
  }
}
