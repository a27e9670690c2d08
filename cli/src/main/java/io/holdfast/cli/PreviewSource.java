package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.MomentFiles;
import io.holdfast.vault.Restore;
import io.holdfast.vault.RestoreTarget;
import io.holdfast.vault.Vault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the journal is that moments are made from: in a node's directory, or in repositories. */
final class PreviewSource {
  @Option(
      names = "--node-dir",
      paramLabel = "DIR",
      description = "Look at the journal in this node's directory; it may be running.")
  private @Nullable Path nodeDirectory;

  @Mixin private final RepositoryOptions repositories = new RepositoryOptions();

  @Option(
      names = "--branch",
      paramLabel = "BRANCH",
      defaultValue = "",
      description = "Where there are backups of several: its epoch, or how its id begins.")
  private String branch = "";

  /** Refuses what does not go together, before anything is read. */
  void check(Console console) {
    if (nodeDirectory == null && !repositories.given()) {
      throw new HoldfastException(
          "usage",
          "nothing says where to look",
          "name a node's directory, --node-dir DIR, or a repository, --repository LOCATION");
    }
    if (nodeDirectory != null && (repositories.given() || !branch.isEmpty())) {
      throw new HoldfastException(
          "usage", "--node-dir and repositories exclude each other", "look at one of them");
    }
  }

  /**
   * The journal; that of repositories is fetched and proved first, up to their newest moment.
   *
   * @param scratch where it is fetched to, beside the copies that are made of it
   */
  MomentFiles files(Console console, Path scratch, boolean quiet) {
    if (nodeDirectory != null) {
      return MomentFiles.of(console.resolve(nodeDirectory));
    }
    List<Vault> vaults = new ArrayList<>();
    try (RestoreProgress progress = new RestoreProgress(console, !quiet)) {
      repositories.all(console).forEach(chosen -> vaults.add(chosen.open()));
      Path fetched = scratch.resolve("restored");
      Restore.Restored restored =
          Restore.plan(vaults, new RestoreTarget.End(), branch).into(fetched, progress);
      restored
          .incidents()
          .forEach(
              incident ->
                  console
                      .err()
                      .println(
                          console.paint("restored, though: " + incident, Console.Style.YELLOW)));
      return MomentFiles.of(fetched);
    } finally {
      vaults.forEach(Vault::close);
    }
  }
}
