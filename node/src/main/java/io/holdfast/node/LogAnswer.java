package io.holdfast.node;

import io.holdfast.journal.Act;
import io.holdfast.journal.SiteLog;
import io.holdfast.journal.SiteLogReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The end of the site's log as the admin API shows it.
 *
 * @param lastNumber of the last act on disk
 * @param chain after it
 * @param problem why acts are not on disk at the moment; null when they are
 * @param acts the oldest first
 */
record LogAnswer(
    String logId, long lastNumber, String chain, @Nullable String problem, List<Row> acts) {
  /** An act; its time to the nanosecond, in UTC. */
  record Row(
      long number,
      String time,
      String node,
      String kind,
      String actor,
      Map<String, String> fields) {}

  static LogAnswer of(SiteLog log, SiteLogReader.Filter filter) {
    SiteLog.Head head = log.head();
    List<Row> rows = log.acts(filter).stream().map(LogAnswer::row).toList();
    return new LogAnswer(head.logId(), head.number(), head.chain(), log.problem(), rows);
  }

  private static Row row(Act act) {
    String time = Instant.ofEpochSecond(0, act.timeNanos()).toString();
    return new Row(act.number(), time, act.node(), act.kind(), act.actor(), act.fields());
  }
}
