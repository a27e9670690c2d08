package io.holdfast.gateway.rest;

import io.holdfast.client.JsonAnswers;
import io.holdfast.client.LedgerAccess;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountRecord;
import io.holdfast.ledger.TransferRecord;
import io.holdfast.ledger.TransferWithDetails;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Looks accounts or transfers up by id, many at once or one by its own address. */
final class Lookups<T> {
  /** The parameters that a look-up takes. */
  static final Set<String> PARAMETERS = Set.of("consistency");

  /** The hint with what a stale read did not find. */
  static final String MAYBE_BEHIND =
      "this node may be behind: ask again without consistency=stale-ok";

  /** What differs between accounts and transfers. */
  private interface Records<T> {
    String word();

    CompletableFuture<LedgerAccess.Answer<List<T>>> read(
        List<UInt128> ids, Consistency consistency);

    byte[] json(LedgerAccess.Answer<List<T>> found);

    byte[] json(T record);

    void write(T record, MemorySegment to, long at);
  }

  private final Records<T> records;

  private Lookups(Records<T> records) {
    this.records = records;
  }

  static Lookups<Account> accounts(LedgerAccess ledger) {
    return new Lookups<>(
        new Records<>() {
          @Override
          public String word() {
            return "account";
          }

          @Override
          public CompletableFuture<LedgerAccess.Answer<List<Account>>> read(
              List<UInt128> ids, Consistency consistency) {
            return ledger.accounts(ids, consistency);
          }

          @Override
          public byte[] json(LedgerAccess.Answer<List<Account>> found) {
            return JsonAnswers.accounts(found);
          }

          @Override
          public byte[] json(Account account) {
            return JsonAnswers.account(account);
          }

          @Override
          public void write(Account account, MemorySegment to, long at) {
            AccountRecord.write(account, to, at);
          }
        });
  }

  static Lookups<TransferWithDetails> transfers(LedgerAccess ledger) {
    return new Lookups<>(
        new Records<>() {
          @Override
          public String word() {
            return "transfer";
          }

          @Override
          public CompletableFuture<LedgerAccess.Answer<List<TransferWithDetails>>> read(
              List<UInt128> ids, Consistency consistency) {
            return ledger.transfers(ids, consistency);
          }

          @Override
          public byte[] json(LedgerAccess.Answer<List<TransferWithDetails>> found) {
            return JsonAnswers.transfers(found);
          }

          @Override
          public byte[] json(TransferWithDetails transfer) {
            return JsonAnswers.transfer(transfer);
          }

          @Override
          public void write(TransferWithDetails found, MemorySegment to, long at) {
            TransferRecord.write(found.transfer(), to, at);
          }
        });
  }

  /** Those with the ids in the body, in the order asked; missing ones are absent. */
  Answer many(Exchange exchange) {
    Consistency consistency = parameters(exchange).consistency();
    Exchange.Media media = exchange.media();
    byte[] body = exchange.body().bytes();
    int length = exchange.body().length();
    List<UInt128> ids =
        switch (media) {
          case JSON -> IdsParser.parseJson(body, length);
          case BATCH -> IdsParser.parseBinary(body, length);
        };
    LedgerAccess.Answer<List<T>> found = read(exchange, ids, consistency);
    Answer answer =
        switch (media) {
          case JSON -> Answer.json(records.json(found));
          case BATCH -> Answer.batch(bytes(found.value()));
        };
    return answer.withFreshness(found);
  }

  /** The one with the id in the path, or {@code not-found}. */
  Answer one(Exchange exchange) {
    Consistency consistency = parameters(exchange).consistency();
    UInt128 id = exchange.id();
    LedgerAccess.Answer<List<T>> found = read(exchange, List.of(id), consistency);
    if (found.value().isEmpty()) {
      String hint = consistency == Consistency.STALE_OK ? MAYBE_BEHIND : "";
      Problem problem =
          Problem.of(
              ErrorCode.NOT_FOUND, "there is no " + records.word() + " with id " + id.toId(), hint);
      return Answer.problem(problem).withFreshness(found);
    }
    return Answer.json(records.json(found.value().getFirst())).withFreshness(found);
  }

  private LedgerAccess.Answer<List<T>> read(
      Exchange exchange, List<UInt128> ids, Consistency consistency) {
    return Waiting.forRead(records.read(ids, consistency), exchange.timeout());
  }

  private byte[] bytes(List<T> found) {
    byte[] bytes = new byte[found.size() * AccountRecord.BYTES];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    long at = 0;
    for (T one : found) {
      records.write(one, segment, at);
      at += AccountRecord.BYTES;
    }
    return bytes;
  }

  private static QueryParameters parameters(Exchange exchange) {
    return new QueryParameters(exchange.request().query(), PARAMETERS);
  }
}
