package io.holdfast.cli;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of a file become accounts and transfers.
 *
 * @param file the mapping's own name, for errors
 * @param namespace part of every derived id; another namespace makes other accounts and transfers
 *     of the same file
 * @param counterAccounts in order; the first that a row meets is taken
 * @param balances null if the file states none
 * @param columns all that the mapping names
 */
record Mapping(
    String file,
    String namespace,
    CsvFormat csv,
    CurrencyRule currency,
    AccountRule account,
    List<CounterRule> counterAccounts,
    TransferRule transfer,
    @Nullable BalanceRule balances,
    Set<Column> columns) {}
