package io.holdfast.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a row becomes a transfer.
 *
 * @param code null if every counter-account rule gives a transfer code
 * @param date null if the file has none or it does not matter
 * @param details the columns kept with the transfer, as a JSON object of texts; usually empty
 */
record TransferRule(
    IdRule id,
    AmountRule amount,
    @Nullable Field code,
    Field userData128,
    Field userData64,
    Field userData32,
    @Nullable DateRule date,
    List<Column> details) {

  /** A column that holds the date of a movement. */
  record DateRule(Column column, RowDate format) {}
}
