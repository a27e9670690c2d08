package io.holdfast.node;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was started so far: closed in reverse order, unless the start came to its end. */
final class Unwinding implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Unwinding.class);

  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T part) {
    started.push(part);
    return part;
  }

  /** All is well: nothing will be closed. */
  void keep() {
    started.clear();
  }

  @Override
  public void close() {
    while (!started.isEmpty()) {
      AutoCloseable part = started.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("closing {} after a failed start failed", part.getClass().getSimpleName(), e);
      }
    }
  }
}
