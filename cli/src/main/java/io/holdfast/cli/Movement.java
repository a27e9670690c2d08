package io.holdfast.cli;

import io.holdfast.ledger.Account;
import io.holdfast.ledger.Transfer;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * A row that became a transfer between two accounts.
 *
 * @param line the row's line in the file
 * @param raw the row's text
 * @param account whose movement it is, as it would be opened
 * @param counterAccount the other side, as it would be opened
 * @param signed minor units; positive credits the account
 * @param details empty if it has none
 * @param day counted from 1970-01-01 in the file's time zone; the line if rows have no date
 * @param statedBalance the file's own balance of the account after the row, in minor units; null if
 *     it states none
 */
record Movement(
    long line,
    String raw,
    CurrencyRule.Currency currency,
    Account account,
    Account counterAccount,
    Transfer transfer,
    BigInteger signed,
    byte[] details,
    long day,
    @Nullable BigInteger statedBalance) {}
