package io.holdfast.cluster;

import io.holdfast.kernel.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once a minute per peer and code that somebody was refused, and how often; a peer that knocks
 * a thousand times a second fills no disk. Safe for use by many threads.
 */
final class RefusalLog {
  private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
  private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

  /** Peers and codes remembered; whoever makes up names pushes out only the oldest. */
  private static final int ENTRIES_MAX = 256;

  private final Clock clock;
  private final Map<String, Refusals> entries =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Refusals> eldest) {
          return size() > ENTRIES_MAX;
        }
      };

  private static final class Refusals {
    long loggedAt;
    long lastAt;
    long unlogged;
    String message = "";
  }

  RefusalLog(Clock clock) {
    this.clock = clock;
  }

  /** Notes a refusal and logs it, unless the same was logged less than a minute ago. */
  synchronized void refused(String code, String peer, String message) {
    long now = clock.monotonicNanos();
    Refusals entry = entries.get(code + ' ' + peer);
    boolean first = entry == null;
    if (entry == null) {
      entry = new Refusals();
      entries.put(code + ' ' + peer, entry);
    }
    entry.lastAt = now;
    entry.message = code + ": " + message;
    if (!first && now - entry.loggedAt < QUIET_NANOS) {
      entry.unlogged++;
      return;
    }
    LOG.warn("{}{}", entry.message, first ? "" : " (and " + entry.unlogged + " times before)");
    entry.loggedAt = now;
    entry.unlogged = 0;
  }

  /** What was refused within the last minute, each peer and reason once. */
  synchronized List<String> recent() {
    long now = clock.monotonicNanos();
    return entries.values().stream()
        .filter(entry -> now - entry.lastAt < QUIET_NANOS)
        .map(entry -> entry.message)
        .toList();
  }
}
