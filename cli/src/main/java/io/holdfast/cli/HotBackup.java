package io.holdfast.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.drill.AdminClient;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.Telling;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A backup that a running site takes by itself, when it is asked to: the node on duty does it, and
 * is asked again and again how far it is.
 */
final class HotBackup {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long LOOK_MILLIS = 200;

  /** A node that does not answer for so long is gone. */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

  private final SiteBackups site;
  private final Telling telling;

  HotBackup(Map<String, URI> nodes, Telling telling) {
    this.site = new SiteBackups(nodes);
    this.telling = telling;
  }

  /** What came of it; the fields are those of {@code GET /admin/v1/backup}. */
  record Done(String node, JsonNode repository) {}

  /**
   * Asks for a backup and waits for it.
   *
   * @param repository null for the only one
   * @throws HoldfastException code {@code backup-failed}, {@code no-such-repository}, {@code
   *     unavailable}
   */
  Done run(@Nullable String repository) {
    SiteBackups.Said said = site.ask(PATIENCE);
    String name = repository == null ? said.only() : repository;
    SiteBackups.OfNode working = said.working(name);
    SiteBackups.OfNode node = working == null ? said.onDuty() : working;
    AdminClient client = site.client(node.called());
    long run = client.backupRun(name, PATIENCE);
    while (true) {
      JsonNode now = look(client, name);
      JsonNode state = now.path("run");
      if (state.path("ended").asLong() >= run) {
        String outcome = state.path("outcome").asText();
        if (!outcome.equals("done")) {
          throw new HoldfastException(
              "backup-failed",
              "node " + node.node() + " could not take the backup: " + outcome,
              "'holdfast backup status' tells more; what was sent is gone on with next time");
        }
        return new Done(node.node(), now);
      }
      if (state.path("running").asBoolean()) {
        telling.progress(
            state.path("step").asText(),
            state.path("done_bytes").asLong(),
            state.path("all_bytes").asLong(-1));
      }
      Waiting.pause(LOOK_MILLIS);
    }
  }

  private static JsonNode look(AdminClient client, String name) {
    long until = System.nanoTime() + SILENCE_MAX.toNanos();
    while (true) {
      try {
        return SiteBackups.repository(client.backup(PATIENCE), name);
      } catch (HoldfastException e) {
        if (!e.code().equals("unavailable") || System.nanoTime() - until > 0) {
          throw e;
        }
        Waiting.pause(LOOK_MILLIS);
      }
    }
  }
}
