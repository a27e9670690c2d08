package io.holdfast.gateway.rest;

import io.holdfast.client.JsonAnswers;
import io.holdfast.client.LedgerAccess;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFilter;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFilter;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Pages of accounts and transfers, and of one account's transfers and balances. */
final class Histories {
  /** The parameters of the lists of all accounts and all transfers. */
  static final Set<String> LIST_PARAMETERS =
      Set.of(
          "from",
          "to",
          "ledger",
          "code",
          "user_data_128",
          "user_data_64",
          "user_data_32",
          "order",
          "limit",
          "after",
          "consistency");

  /** The parameters of an account's transfers and balances. */
  static final Set<String> HISTORY_PARAMETERS =
      Set.of(
          "from",
          "to",
          "side",
          "code",
          "user_data_128",
          "user_data_64",
          "user_data_32",
          "order",
          "limit",
          "after",
          "consistency");

  private final LedgerAccess ledger;

  Histories(LedgerAccess ledger) {
    this.ledger = ledger;
  }

  Answer accounts(Exchange exchange) {
    QueryParameters query = new QueryParameters(exchange.request().query(), LIST_PARAMETERS);
    AccountFilter filter =
        new AccountFilter(
            query.nanos("from", 0),
            query.nanos("to", Long.MAX_VALUE),
            query.number32("ledger"),
            query.number16("code"),
            query.number128("user_data_128"),
            query.number64("user_data_64"),
            query.number32("user_data_32"),
            query.newestFirst(false),
            query.limit(),
            query.nanos("after", 0));
    LedgerAccess.Answer<Page<Account>> read =
        Waiting.forRead(ledger.accounts(filter, query.consistency()), exchange.timeout());
    return Answer.json(JsonAnswers.accountsPage(read)).withFreshness(read);
  }

  Answer transfers(Exchange exchange) {
    QueryParameters query = new QueryParameters(exchange.request().query(), LIST_PARAMETERS);
    TransferFilter filter =
        new TransferFilter(
            query.nanos("from", 0),
            query.nanos("to", Long.MAX_VALUE),
            query.number32("ledger"),
            query.number16("code"),
            query.number128("user_data_128"),
            query.number64("user_data_64"),
            query.number32("user_data_32"),
            query.newestFirst(true),
            query.limit(),
            query.nanos("after", 0));
    LedgerAccess.Answer<Page<Transfer>> read =
        Waiting.forRead(ledger.transfers(filter, query.consistency()), exchange.timeout());
    return Answer.json(JsonAnswers.transfersPage(read)).withFreshness(read);
  }

  Answer transfersOf(Exchange exchange) {
    QueryParameters query = history(exchange);
    Consistency consistency = query.consistency();
    LedgerAccess.Answer<Page<Transfer>> read =
        Waiting.forRead(
            ledger.transfersOf(exchange.id(), filter(query), consistency), exchange.timeout());
    return Answer.json(JsonAnswers.transfersPage(read)).withFreshness(read);
  }

  Answer balancesOf(Exchange exchange) {
    QueryParameters query = history(exchange);
    Consistency consistency = query.consistency();
    LedgerAccess.Answer<Page<Balance>> read =
        Waiting.forRead(
            ledger.balancesOf(exchange.id(), filter(query), consistency), exchange.timeout());
    return Answer.json(JsonAnswers.balancesPage(read)).withFreshness(read);
  }

  private static QueryParameters history(Exchange exchange) {
    return new QueryParameters(exchange.request().query(), HISTORY_PARAMETERS);
  }

  private static HistoryFilter filter(QueryParameters query) {
    return new HistoryFilter(
        query.nanos("from", 0),
        query.nanos("to", Long.MAX_VALUE),
        side(query),
        query.number16("code"),
        query.number128("user_data_128"),
        query.number64("user_data_64"),
        query.number32("user_data_32"),
        query.newestFirst(true),
        query.limit(),
        query.nanos("after", 0));
  }

  private static HistoryFilter.@Nullable Side side(QueryParameters query) {
    return switch (query.word("side", List.of("debit", "credit"), -1)) {
      case 0 -> HistoryFilter.Side.DEBIT;
      case 1 -> HistoryFilter.Side.CREDIT;
      default -> null;
    };
  }
}
