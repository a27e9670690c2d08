package io.holdfast.gateway.rest;

import io.holdfast.client.LedgerAccess;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.client.LedgerAccess.TransferWithDetails;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountRecord;
import io.holdfast.ledger.TransferRecord;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/**
 * Looks accounts or transfers up by id, many at once or one by its own address.
 *
 * @param <T> a record as it is read
 */
final class Lookups<T> {
  /** The parameters that a look-up takes. */
  static final Set<String> PARAMETERS = Set.of("consistency");

  /** Writes a record's 128 bytes. */
  private interface RecordWriter<T> {
    void write(T record, MemorySegment to, long at);
  }

  private final String word;
  private final BiFunction<
          List<UInt128>, Consistency, CompletableFuture<LedgerAccess.Answer<List<T>>>>
      read;
  private final BiConsumer<JsonWriter, T> json;
  private final RecordWriter<T> binary;

  private Lookups(
      String word,
      BiFunction<List<UInt128>, Consistency, CompletableFuture<LedgerAccess.Answer<List<T>>>> read,
      BiConsumer<JsonWriter, T> json,
      RecordWriter<T> binary) {
    this.word = word;
    this.read = read;
    this.json = json;
    this.binary = binary;
  }

  static Lookups<Account> accounts(LedgerAccess ledger) {
    return new Lookups<>("account", ledger::accounts, RecordsJson::account, AccountRecord::write);
  }

  static Lookups<TransferWithDetails> transfers(LedgerAccess ledger) {
    return new Lookups<>(
        "transfer",
        ledger::transfers,
        RecordsJson::transfer,
        (found, to, at) -> TransferRecord.write(found.transfer(), to, at));
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
          case JSON -> Answer.json(RecordsJson.found(found, word + "s", found.value(), json));
          case BATCH -> Answer.batch(records(found.value()));
        };
    return answer.withFreshness(found);
  }

  /** The one with the id in the path, or {@code not-found}. */
  Answer one(Exchange exchange) {
    Consistency consistency = parameters(exchange).consistency();
    UInt128 id = exchange.id();
    LedgerAccess.Answer<List<T>> found = read(exchange, List.of(id), consistency);
    if (found.value().isEmpty()) {
      String hint =
          consistency == Consistency.STALE_OK
              ? "this node may be behind: ask again without consistency=stale-ok"
              : "";
      Problem problem =
          Problem.of(ErrorCode.NOT_FOUND, "there is no " + word + " with id " + id.toId(), hint);
      return Answer.problem(problem).withFreshness(found);
    }
    return Answer.json(RecordsJson.one(found.value().getFirst(), json)).withFreshness(found);
  }

  private LedgerAccess.Answer<List<T>> read(
      Exchange exchange, List<UInt128> ids, Consistency consistency) {
    return Waiting.forRead(read.apply(ids, consistency), exchange.timeout());
  }

  private byte[] records(List<T> found) {
    byte[] bytes = new byte[found.size() * AccountRecord.BYTES];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    long at = 0;
    for (T one : found) {
      binary.write(one, segment, at);
      at += AccountRecord.BYTES;
    }
    return bytes;
  }

  private static QueryParameters parameters(Exchange exchange) {
    return new QueryParameters(exchange.request().query(), PARAMETERS);
  }
}
