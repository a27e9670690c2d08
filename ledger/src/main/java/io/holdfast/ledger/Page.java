package io.holdfast.ledger;

import java.util.List;

/**
 * Part of an answer.
 *
 * @param next the continuation to ask for the rest with; 0 when nothing is left
 */
public record Page<T>(List<T> rows, long next) {
  public Page {
    rows = List.copyOf(rows);
  }
}
