package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.MasterKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which master key opens a repository. No secret is ever an argument: others would see it. */
final class MasterKeyOptions {
  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "The file with the master key, made by 'backup key new'.")
  private @Nullable Path keyFile;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = {
        "A file whose first line is the passphrase. Without any of these: the variable",
        "HOLDFAST_PASSPHRASE, else it is asked for."
      })
  private @Nullable Path passphraseFile;

  @Option(
      names = "--kms",
      paramLabel = "URI",
      description = "A key of a key management service, such as aws-kms://arn:… or gcp-kms://….")
  private @Nullable String kms;

  boolean given() {
    return keyFile != null || passphraseFile != null || kms != null;
  }

  /**
   * The master key.
   *
   * @param making whether it is to lock something new: then it must not be weak, and is asked twice
   */
  MasterKey masterKey(Console console, boolean making) {
    MasterKey master = read(console, making);
    if (making && master instanceof MasterKey.Passphrase passphrase) {
      passphrase.refuseIfWeak();
    }
    return master;
  }

  private MasterKey read(Console console, boolean making) {
    List<String> given = new ArrayList<>();
    Arguments.addIf(given, keyFile != null, "--key-file");
    Arguments.addIf(given, passphraseFile != null, "--passphrase-file");
    Arguments.addIf(given, kms != null, "--kms");
    if (given.size() > 1) {
      throw new HoldfastException(
          "usage",
          String.join(" and ", given) + " are given; allowed: one of them",
          "give the one that opens the repository; 'holdfast backup key list' shows its slots");
    }
    if (keyFile != null) {
      return new MasterKey.KeyFile(console.resolve(keyFile));
    } else if (passphraseFile != null) {
      return MasterKey.Passphrase.read(console.resolve(passphraseFile));
    } else if (kms != null) {
      return new MasterKey.Kms(kms);
    }
    return new Passphrases(console).ask("HOLDFAST_PASSPHRASE", "passphrase", making);
  }
}
