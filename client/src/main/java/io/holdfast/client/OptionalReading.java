package io.holdfast.client;

import io.holdfast.client.LedgerAccess.Answer;
import io.holdfast.client.Verdict.Reading;
import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads an answer about one thing that the ledger may not have: 404 is then an answer, too.
 *
 * @param body reads the answer when it has
 */
record OptionalReading<T>(Function<byte[], Answer<T>> body)
    implements Reading<Answer<Optional<T>>> {
  @Override
  public Answer<Optional<T>> read(HttpHeaders headers, byte[] bytes) {
    Answer<T> found = body.apply(bytes);
    return new Answer<>(Optional.of(found.value()), found.op(), found.lagOps(), found.lagMillis());
  }

  @Override
  public Answer<Optional<T>> missing(HttpHeaders headers) {
    return BinaryAnswers.answer(headers, Optional.empty());
  }
}
