package io.holdfast.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides which incidents have begun and ended, from looking at those of the moment now and then.
 * One that is over at once is none; one that comes and goes is one, and the longer it does so, the
 * longer it must stay away to count as ended: so an incident gives at most about a dozen records an
 * hour. For one thread.
 *
 * <pre>
 * unknown --seen--> seen --for 2 s--> begun --away for its quiet time--> ended --1 h--> unknown
 *                   seen --away--> unknown                               ended --for 2 s--> begun
 * </pre>
 */
final class IncidentBook {
  /** A change of leader takes less. */
  static final long BEGINS_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** For the first time; it doubles each time that the incident returns. */
  static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

  static final long QUIET_MAX_NANOS = TimeUnit.MINUTES.toNanos(10);
  static final long FORGOTTEN_NANOS = TimeUnit.HOURS.toNanos(1);

  /** More at once than a site has parts that can fail; what comes beyond is not recorded. */
  static final int KNOWN_MAX = 64;

  /** As incidents name one, before its place in brackets. */
  private static final Pattern REPOSITORY = Pattern.compile("\\brepository ([a-z0-9-]+) \\(");

  private final Collection<String> nodes;
  private final Map<String, Known> known = new LinkedHashMap<>();

  /**
   * @param nodes names of the members: an incident of another node is another incident
   */
  IncidentBook(Collection<String> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  /** What changed. */
  sealed interface Change {
    /** The incident's name: its code, the repository of backups and the nodes that it is about. */
    String key();

    /** It is there, and has been for a while. */
    record Began(String key, String words, long agoNanos) implements Change {}

    /**
     * It is over.
     *
     * @param agoNanos when it was last seen
     * @param times how often it had been away for a while in between
     */
    record Ended(String key, String words, long agoNanos, long lastedNanos, int times)
        implements Change {}
  }

  private static final class Known {
    private final String key;
    private String words = "";
    private boolean begun;
    private boolean away = true;
    private long firstSeen;
    private long lastSeen;
    private long ended;
    private long quiet = QUIET_NANOS;
    private int times;

    Known(String key) {
      this.key = key;
    }
  }

  /** Looks at the incidents of the moment, each in words that begin with its code and a colon. */
  List<Change> observe(long nowNanos, List<String> incidents) {
    List<Change> changes = new ArrayList<>();
    for (String words : incidents) {
      String key = key(words);
      Known one = known.get(key);
      if (one == null && known.size() < KNOWN_MAX) {
        one = new Known(key);
        known.put(key, one);
      }
      if (one != null) {
        seen(one, words, nowNanos, changes);
      }
    }
    Iterator<Known> all = known.values().iterator();
    while (all.hasNext()) {
      if (notSeen(all.next(), nowNanos, changes)) {
        all.remove();
      }
    }
    return changes;
  }

  private static void seen(Known one, String words, long now, List<Change> changes) {
    if (one.away) {
      one.away = false;
      if (one.begun) {
        one.times++;
      } else {
        one.firstSeen = now;
      }
    }
    one.lastSeen = now;
    one.words = words;
    if (!one.begun && now - one.firstSeen >= BEGINS_NANOS) {
      one.begun = true;
      changes.add(new Change.Began(one.key, words, now - one.firstSeen));
    }
  }

  /** Returns whether it can be forgotten. */
  private static boolean notSeen(Known one, long now, List<Change> changes) {
    if (one.lastSeen == now) {
      return false;
    }
    one.away = true;
    if (!one.begun) {
      return one.quiet == QUIET_NANOS || now - one.ended > FORGOTTEN_NANOS;
    }
    if (now - one.lastSeen >= one.quiet) {
      one.begun = false;
      one.ended = now;
      one.quiet = Math.min(2 * one.quiet, QUIET_MAX_NANOS);
      changes.add(
          new Change.Ended(
              one.key, one.words, now - one.lastSeen, one.lastSeen - one.firstSeen, one.times));
      one.times = 0;
    }
    return false;
  }

  /** The words change with each look, such as for how long; whom it is about does not. */
  private String key(String words) {
    int colon = words.indexOf(':');
    StringBuilder key = new StringBuilder(colon < 0 ? words : words.substring(0, colon));
    Matcher repository = REPOSITORY.matcher(words);
    if (repository.find()) {
      key.append(' ').append(repository.group(1));
    }
    TreeSet<String> named = new TreeSet<>(List.of(words.split("[^A-Za-z0-9-]+")));
    named.retainAll(nodes);
    named.forEach(node -> key.append(' ').append(node));
    return key.toString();
  }
}
