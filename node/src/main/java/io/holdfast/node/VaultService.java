package io.holdfast.node;

import io.holdfast.cluster.Site;
import io.holdfast.journal.Acts;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node's part in the backups of its site: each repository by itself, as long as this node is the
 * one on duty, and when somebody asks this very node. Safe for use by many threads.
 */
final class VaultService implements AutoCloseable {
  private final List<RepositoryWork> works = new ArrayList<>();
  private final String node;
  private final DutyWatch duty;

  /**
   * How the backups of a site are, as one node knows.
   *
   * @param onDuty the node that does the work, as this one sees it, but for repositories to which
   *     it failed; empty when it sees none
   */
  public record Status(String node, String onDuty, List<RepositoryStatus> repositories) {
    public Status {
      repositories = List.copyOf(repositories);
    }
  }

  /** A run that was asked for: done when so many have ended. */
  public record Asked(String repository, long run) {}

  private VaultService(
      List<RepositoryConfig> repositories, Site site, Path directory, Acts log, Clock clock) {
    this.node = site.view().nodeId();
    this.duty = new DutyWatch(site::view, "", clock);
    HotSource source = new HotSource(site, directory);
    for (RepositoryConfig config : repositories) {
      RepositoryProgress progress =
          new RepositoryProgress(config, () -> site.journal().lastOp(), site::timeNanos, clock);
      DutyWatch own = new DutyWatch(site::view, config.name(), clock);
      works.add(new RepositoryWork(config, source, own, progress, log, clock));
    }
  }

  static VaultService start(
      List<RepositoryConfig> repositories, Site site, Path directory, Acts log, Clock clock) {
    VaultService service = new VaultService(repositories, site, directory, log, clock);
    site.declines(service::declined);
    service.works.forEach(RepositoryWork::start);
    site.alsoShow(service::incidents);
    return service;
  }

  Status status() {
    return new Status(
        node, duty.node(), works.stream().map(work -> work.progress().status()).toList());
  }

  private List<String> incidents() {
    return works.stream().flatMap(work -> work.incidents().stream()).toList();
  }

  private List<String> declined() {
    return works.stream().filter(RepositoryWork::declines).map(RepositoryWork::name).toList();
  }

  /**
   * Asks this node for a backup now.
   *
   * @param repository its name; null for the only one
   * @throws HoldfastException code {@code no-such-repository}
   */
  Asked ask(@Nullable String repository, String actor) {
    List<RepositoryWork> named =
        works.stream()
            .filter(work -> repository == null || work.name().equals(repository))
            .toList();
    if (named.size() != 1) {
      String known = String.join(", ", works.stream().map(RepositoryWork::name).toList());
      throw new HoldfastException(
          "no-such-repository",
          (repository == null ? "no repository is named" : "there is no '" + repository + "'")
              + "; allowed: "
              + (known.isEmpty() ? "none is configured on " + node : known),
          "vault.repositories in holdfast.yaml; see docs/operate/backup.md");
    }
    RepositoryWork work = named.getFirst();
    return new Asked(work.name(), work.ask(actor));
  }

  @Override
  public void close() {
    works.forEach(RepositoryWork::close);
  }
}
