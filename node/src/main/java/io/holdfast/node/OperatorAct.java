package io.holdfast.node;

import io.holdfast.journal.ActKind;
import io.holdfast.journal.SiteLog;
import io.holdfast.kernel.HoldfastException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Something that an operator told this node to do: in the site's log before it is done, and again
 * with what came of it. If the log can't be written in time it is done nevertheless: a disk that
 * fails is a reason for it.
 */
final class OperatorAct {
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final SiteLog log;
  private final String actor;
  private final String act;
  private final long began = System.nanoTime();

  private OperatorAct(SiteLog log, String actor, String act) {
    this.log = log;
    this.actor = actor;
    this.act = act;
  }

  /**
   * Records what was asked for.
   *
   * @param details names and values in turns
   */
  static OperatorAct begin(SiteLog log, String actor, String act, String... details) {
    List<String> fields = new ArrayList<>(List.of("act", act, "state", "asked"));
    fields.addAll(List.of(details));
    log.addDurably(ActKind.OPERATOR_ACT, PATIENCE, actor, fields.toArray(String[]::new));
    return new OperatorAct(log, actor, act);
  }

  /** Does it, and records its result under a name, or the code it failed with. */
  <T> T outcomeOf(Supplier<T> doing, String resultName) {
    try {
      T result = doing.get();
      record("done", resultName, String.valueOf(result));
      return result;
    } catch (HoldfastException e) {
      record("failed", "code", e.code(), "message", e.message());
      throw e;
    }
  }

  private void record(String state, String... details) {
    List<String> fields = new ArrayList<>(List.of("act", act, "state", state));
    fields.addAll(List.of(details));
    fields.add("took_ms");
    fields.add(Long.toString(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began)));
    log.add(ActKind.OPERATOR_ACT, actor, fields.toArray(String[]::new));
  }
}
