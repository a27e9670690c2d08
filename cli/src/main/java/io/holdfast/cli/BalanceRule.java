package io.holdfast.cli;

import java.math.BigDecimal;

/**
 * The file states each account's balance after each row, and the import shall be checked by it.
 *
 * @param tolerancePerMovement by how much the file's balance may be off for each of the account's
 *     movements, in the currency's major unit; 0 where the file does not round
 */
record BalanceRule(Column column, DecimalAmount format, BigDecimal tolerancePerMovement) {}
