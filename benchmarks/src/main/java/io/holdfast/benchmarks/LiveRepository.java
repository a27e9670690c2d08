package io.holdfast.benchmarks;

import io.holdfast.kernel.UInt128;
import io.holdfast.vault.BackupManifest;
import io.holdfast.vault.Manifests;
import io.holdfast.vault.MasterKey;
import io.holdfast.vault.Repositories;
import io.holdfast.vault.RepositoryLocation;
import io.holdfast.vault.Tails;
import io.holdfast.vault.Vault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A repository in a directory that nodes write to, which can be away, or be emptied. */
final class LiveRepository {
  private final Path root;
  private final Path away;
  private final MasterKey key;

  private LiveRepository(Path root, MasterKey key) {
    this.root = root;
    this.away = root.resolveSibling(root.getFileName() + "-away");
    this.key = key;
  }

  static LiveRepository create(Path root, MasterKey key) {
    LiveRepository made = new LiveRepository(root, key);
    Vault.create(Repositories.create(made.location()), key).close();
    return made;
  }

  private RepositoryLocation location() {
    return RepositoryLocation.parse("file:" + root);
  }

  Path root() {
    return root;
  }

  /** As if the disk were not mounted. */
  void takeAway() throws IOException {
    Files.move(root, away);
  }

  void bringBack() throws IOException {
    Files.move(away, root);
  }

  /** Leaves the keys alone: the next backup sends all. */
  void empty() throws IOException {
    for (String part : new String[] {"objects", "backups"}) {
      if (Files.exists(root.resolve(part))) {
        try (Stream<Path> files = Files.walk(root.resolve(part))) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            Files.delete(file);
          }
        }
      }
    }
  }

  /**
   * When it had all up to an op, in nanoseconds since 1970, by the last op of each tail, as the
   * file system says.
   */
  NavigableMap<Long, Long> stored() {
    NavigableMap<Long, Long> stored = new TreeMap<>();
    try (Vault vault = Vault.open(Repositories.open(location()), key)) {
      BackupManifest first = Manifests.all(vault).backups().getFirst().manifest();
      Tails tails = new Tails(vault, UInt128.parseId(first.ledgerId()));
      tails.follow(
          first.lastOp(),
          tail -> {
            stored.put(tail.lastOp(), linked(root.resolve(tails.name(tail.firstOp()))));
            return true;
          });
    }
    return stored;
  }

  /** When a file got its name. */
  private static long linked(Path file) {
    try {
      return ((FileTime) Files.getAttribute(file, "unix:ctime")).to(TimeUnit.NANOSECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
