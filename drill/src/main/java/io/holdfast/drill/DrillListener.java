package io.holdfast.drill;

import java.time.Duration;

/** Hears how a drill goes on, on the thread that runs it. */
public interface DrillListener {
  void started(DrillStep step);

  /** Several times a second while payments run. */
  void paying(DrillStep step, long sent, long acknowledged);

  /**
   * @param detail what the step gave, in a few words: a node's name, a count; may be empty
   */
  void finished(DrillStep step, Duration took, String detail);

  /** Hears nothing. */
  static DrillListener silent() {
    return new DrillListener() {
      @Override
      public void started(DrillStep step) {}

      @Override
      public void paying(DrillStep step, long sent, long acknowledged) {}

      @Override
      public void finished(DrillStep step, Duration took, String detail) {}
    };
  }
}
