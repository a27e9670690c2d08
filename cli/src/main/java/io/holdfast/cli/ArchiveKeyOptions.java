package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.MasterKey;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which master key opens an archive, where it is another than the repository's. */
final class ArchiveKeyOptions {
  @Option(
      names = "--archive-key-file",
      paramLabel = "FILE",
      description = "The file with the archive's master key.")
  private @Nullable Path keyFile;

  @Option(
      names = "--archive-passphrase-file",
      paramLabel = "FILE",
      description = "A file whose first line is the archive's passphrase.")
  private @Nullable Path passphraseFile;

  boolean given() {
    return keyFile != null || passphraseFile != null;
  }

  /**
   * @param making whether it is to lock something new: then it must not be weak
   * @throws HoldfastException code {@code usage} when none or both are given
   */
  MasterKey masterKey(Console console, boolean making) {
    if (keyFile != null && passphraseFile == null) {
      return new MasterKey.KeyFile(console.resolve(keyFile));
    }
    if (passphraseFile != null && keyFile == null) {
      MasterKey.Passphrase passphrase = MasterKey.Passphrase.read(console.resolve(passphraseFile));
      if (making) {
        passphrase.refuseIfWeak();
      }
      return passphrase;
    }
    throw new HoldfastException(
        "usage",
        (given() ? "--archive-key-file and --archive-passphrase-file are both" : "no master key is")
            + " given for the archive; allowed: one of the two",
        "for example: --archive-key-file vault.key, which 'holdfast backup key new' makes");
  }
}
