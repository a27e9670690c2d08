package io.holdfast.node;

import io.holdfast.cluster.DetailsKeyView;
import io.holdfast.ledger.DetailsKeyState;
import java.util.List;

/**
 * The keys of details as the admin API shows them.
 *
 * @param keys in the order of their first use
 */
record DetailsKeyRows(List<Row> keys) {
  DetailsKeyRows {
    keys = List.copyOf(keys);
  }

  /**
   * One key.
   *
   * @param state whether it is alive or was destroyed, in one word
   * @param held whether the node that answers has it
   * @param destroyedAt in nanoseconds since 1970; 0 while it is alive, as {@code destroyedOp}
   */
  record Row(
      String period,
      String key,
      String state,
      boolean held,
      long transfers,
      long firstOp,
      long lastOp,
      long destroyedOp,
      long destroyedAt) {}

  static DetailsKeyRows of(List<DetailsKeyView> views) {
    return new DetailsKeyRows(views.stream().map(DetailsKeyRows::row).toList());
  }

  private static Row row(DetailsKeyView view) {
    DetailsKeyState state = view.state();
    return new Row(
        state.name().period().label(),
        state.name().label(),
        state.destroyed() ? "destroyed" : "alive",
        view.held(),
        state.transfers(),
        state.firstOp(),
        state.lastOp(),
        state.destroyedOp(),
        state.destroyedAt());
  }
}
