package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFlags;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows into movements as a mapping says, in the order of the file. Used by one thread.
 *
 * @see Mapping
 */
final class RowMapper {
  private static final byte[] NONE = {};
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Mapping mapping;
  private final Header header;
  private final @Nullable ImportedTimes times;

  /**
   * @param imported whether accounts and transfers keep the file's dates as their timestamps
   */
  RowMapper(Mapping mapping, Header header, boolean imported) {
    this.mapping = mapping;
    this.header = header;
    this.times = imported ? new ImportedTimes() : null;
  }

  Movement map(CsvRows.Row row) throws RowRefused {
    Cells cells = new Cells(header, row.values());
    TransferRule rule = mapping.transfer();
    CurrencyRule.Currency currency = mapping.currency().of(cells);
    BigInteger signed = rule.amount().signed(cells, currency.scale());
    if (signed.bitLength() > 128) {
      throw new RowRefused("malformed-amount", "the amount does not fit into 128 bits");
    }
    CounterRule counterRule = counterRule(cells);
    UInt128 id = rule.id().of(cells);
    Field codeField = counterRule.transferCode() == null ? rule.code() : counterRule.transferCode();
    int code = codeField == null ? 0 : code(codeField, cells);
    byte[] details = details(cells);
    BigInteger balance = balance(cells, currency);
    Account account = account(cells, currency);
    Account counter = counterAccount(counterRule, cells, currency);
    UInt128 data128 = rule.userData128().of(cells);
    long data64 = rule.userData64().of(cells).lo();
    int data32 = (int) rule.userData32().of(cells).lo();
    // Last, so that a row which is refused for another reason takes no place in time.
    RowDate.Moment moment = moment(cells);
    long slot = times == null || moment == null ? 0 : times.next(moment.nanos());
    boolean credits = signed.signum() >= 0;
    Transfer transfer =
        new Transfer(
            id,
            credits ? counter.id() : account.id(),
            credits ? account.id() : counter.id(),
            UInt128.of(signed.abs()),
            UInt128.ZERO,
            data128,
            data64,
            data32,
            0,
            currency.ledger(),
            code,
            times == null ? 0 : TransferFlags.IMPORTED,
            times == null ? 0 : slot + 2);
    return new Movement(
        row.line(),
        row.raw(),
        currency,
        at(account, slot),
        at(counter, slot + 1),
        transfer,
        signed,
        details,
        moment == null ? row.line() : moment.day(),
        balance);
  }

  private CounterRule counterRule(Cells cells) throws RowRefused {
    for (CounterRule rule : mapping.counterAccounts()) {
      if (rule.meets(cells)) {
        return rule;
      }
    }
    throw new RowRefused(
        "no-counter-account", "the row meets none of the rules under counter-accounts");
  }

  private Account account(Cells cells, CurrencyRule.Currency currency) throws RowRefused {
    AccountRule rule = mapping.account();
    return new Account(
        rule.id().of(cells),
        UInt128.ZERO,
        UInt128.ZERO,
        UInt128.ZERO,
        UInt128.ZERO,
        rule.userData128().of(cells),
        rule.userData64().of(cells).lo(),
        (int) rule.userData32().of(cells).lo(),
        0,
        currency.ledger(),
        code(rule.code(), cells),
        rule.flags(),
        0);
  }

  private Account counterAccount(CounterRule rule, Cells cells, CurrencyRule.Currency currency)
      throws RowRefused {
    UInt128 id = CounterRule.id(mapping.namespace(), rule.nameOf(cells), currency.name());
    return Account.opening(id, currency.ledger(), code(rule.code(), cells), rule.flags());
  }

  /** The account with its timestamp if dates are kept. */
  private Account at(Account account, long timestamp) {
    if (times == null) {
      return account;
    }
    return new Account(
        account.id(),
        account.debitsPending(),
        account.debitsPosted(),
        account.creditsPending(),
        account.creditsPosted(),
        account.userData128(),
        account.userData64(),
        account.userData32(),
        account.reserved(),
        account.ledger(),
        account.code(),
        account.flags() | AccountFlags.IMPORTED,
        timestamp);
  }

  private static int code(Field field, Cells cells) throws RowRefused {
    int code = (int) field.of(cells).lo();
    if (code == 0) {
      throw new RowRefused("malformed-number", "a code is 0; allowed is 1 to 65535");
    }
    return code;
  }

  private RowDate.@Nullable Moment moment(Cells cells) throws RowRefused {
    TransferRule.DateRule rule = mapping.transfer().date();
    return rule == null ? null : rule.format().parse(cells.get(rule.column()));
  }

  private @Nullable BigInteger balance(Cells cells, CurrencyRule.Currency currency)
      throws RowRefused {
    BalanceRule rule = mapping.balances();
    return rule == null
        ? null
        : rule.format().minorUnits(cells.get(rule.column()), currency.scale());
  }

  private byte[] details(Cells cells) throws RowRefused {
    List<Column> columns = mapping.transfer().details();
    Map<String, String> kept = new LinkedHashMap<>();
    for (Column column : columns) {
      String value = cells.get(column);
      if (!value.isEmpty()) {
        kept.put(column.name(), value);
      }
    }
    if (kept.isEmpty()) {
      return NONE;
    }
    byte[] details = json(kept).getBytes(StandardCharsets.UTF_8);
    if (details.length > Limits.DETAILS_BYTES_MAX) {
      throw new RowRefused(
          "details-too-long",
          "the details take %d bytes, allowed are %d"
              .formatted(details.length, Limits.DETAILS_BYTES_MAX));
    }
    return details;
  }

  private static String json(Map<String, String> values) {
    try {
      return JSON.writeValueAsString(values);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of texts is always JSON", e);
    }
  }
}
