package io.holdfast.ledger;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Generations that were forgotten and emptied, for their memory. For any thread. */
final class FreeGenerations {
  private final Deque<Generation> free = new ArrayDeque<>();

  synchronized void give(Generation generation) {
    free.addLast(generation);
  }

  synchronized @Nullable Generation take() {
    return free.pollFirst();
  }
}
