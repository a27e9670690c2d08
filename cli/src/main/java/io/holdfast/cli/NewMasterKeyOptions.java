package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.MasterKey;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A master key that is to open a repository from now on. */
final class NewMasterKeyOptions {
  @Option(
      names = "--new-key-file",
      paramLabel = "FILE",
      description = "The file with the new master key, made by 'backup key new'.")
  private @Nullable Path keyFile;

  @Option(
      names = "--new-passphrase-file",
      paramLabel = "FILE",
      description = "A file whose first line is the new passphrase.")
  private @Nullable Path passphraseFile;

  @Option(
      names = "--new-passphrase",
      description = {
        "A new passphrase: from the variable HOLDFAST_NEW_PASSPHRASE, else it is asked for."
      })
  private boolean passphrase;

  @Option(
      names = "--new-kms",
      paramLabel = "URI",
      description = "A key of a key management service.")
  private @Nullable String kms;

  /** The new master key; null when none is wanted. */
  @Nullable MasterKey masterKey(Console console) {
    int ways =
        (keyFile == null ? 0 : 1)
            + (passphraseFile == null ? 0 : 1)
            + (passphrase ? 1 : 0)
            + (kms == null ? 0 : 1);
    if (ways > 1) {
      throw new HoldfastException(
          "usage",
          "give one of --new-key-file, --new-passphrase-file, --new-passphrase and --new-kms",
          "");
    }
    if (keyFile != null) {
      return new MasterKey.KeyFile(console.resolve(keyFile));
    } else if (kms != null) {
      return new MasterKey.Kms(kms);
    } else if (passphraseFile == null && !passphrase) {
      return null;
    }
    MasterKey.Passphrase words =
        passphraseFile != null
            ? MasterKey.Passphrase.read(console.resolve(passphraseFile))
            : new Passphrases(console).ask("HOLDFAST_NEW_PASSPHRASE", "new passphrase", true);
    words.refuseIfWeak();
    return words;
  }
}
