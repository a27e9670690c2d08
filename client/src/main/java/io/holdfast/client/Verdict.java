package io.holdfast.client;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** What one attempt came to; decided purely from what came back. */
sealed interface Verdict<T> {
  /** The answer. */
  record Useful<T>(T value) implements Verdict<T> {}

  /** The request itself was refused, and would be by any gateway. */
  record Final<T>(HoldfastException refusal) implements Verdict<T> {}

  /** Certainly not taken: try elsewhere. The gateway lives; its queues are full. */
  record Overloaded<T>(HoldfastException refusal, long retryAfterNanos) implements Verdict<T> {}

  /** Certainly not taken: try elsewhere. The gateway lives; no node leads. */
  record Leaderless<T>(HoldfastException refusal) implements Verdict<T> {}

  /** Certainly not taken: no connection was made. */
  record NotReached<T>(String why) implements Verdict<T> {}

  /** The gateway lives and gave up waiting: the request may or may not have been taken. */
  record GaveUp<T>(String why) implements Verdict<T> {}

  /** Something broke on the way: the request may or may not have been taken. */
  record Broken<T>(String why) implements Verdict<T> {}

  /** Makes a value of an answer with status 200. */
  interface Reading<T> {
    /**
     * @throws HoldfastException if it is not what was asked for
     */
    T read(HttpHeaders headers, byte[] body);

    /** What it is when the ledger has nothing of the kind (404); null where that is an error. */
    default @Nullable T missing(HttpHeaders headers) {
      return null;
    }
  }

  static <T> Verdict<T> of(Transport.Response response, Reading<T> reading) {
    int status = response.status();
    byte[] body = response.body();
    if (status == 200) {
      try {
        return new Useful<>(reading.read(response.headers(), body));
      } catch (RuntimeException e) {
        return new Broken<>(String.valueOf(e.getMessage()));
      }
    }
    @Nullable Problem problem = JsonReader.problem(body);
    String code = problem == null ? "" : problem.code();
    if (status == 429) {
      HoldfastException refusal =
          problem == null
              ? overloaded()
              : new HoldfastException("overloaded", problem.detail(), problem.hint());
      return new Overloaded<>(refusal, retryAfterNanos(response.headers()));
    }
    if (problem != null && status == 503 && code.equals("no-leader")) {
      return new Leaderless<>(problem.asException());
    }
    if (problem != null && (status == 504 || status == 503)) {
      return new GaveUp<>("status " + status + " " + code + ": " + problem.detail());
    }
    if (problem != null && status == 404 && code.equals("not-found")) {
      return missing(response.headers(), reading, problem);
    }
    if (problem != null && status >= 400 && status < 500 && status != 408) {
      return new Final<>(problem.asException());
    }
    return new Broken<>("status " + status + (code.isEmpty() ? "" : " " + code));
  }

  private static <T> Verdict<T> missing(HttpHeaders headers, Reading<T> reading, Problem problem) {
    try {
      T nothing = reading.missing(headers);
      return nothing == null ? new Final<>(problem.asException()) : new Useful<>(nothing);
    } catch (RuntimeException e) {
      return new Broken<>(String.valueOf(e.getMessage()));
    }
  }

  static <T> Verdict<T> ofFailure(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String why =
        cause.getClass().getSimpleName()
            + (cause.getMessage() == null ? "" : ": " + cause.getMessage());
    return switch (cause) {
      case ConnectException e -> new NotReached<>("no connection: " + why);
      case HttpConnectTimeoutException e -> new NotReached<>("no connection: " + why);
      case UnknownHostException e -> new NotReached<>("no connection: " + why);
      case UnresolvedAddressException e -> new NotReached<>("no connection: " + why);
      case SSLHandshakeException e -> new NotReached<>("no connection: " + why);
      case IOException e -> new Broken<>(why);
      default -> new Broken<>(why);
    };
  }

  private static HoldfastException overloaded() {
    return new HoldfastException(
        "overloaded", "the gateway's queues are full", "send less at once, or later");
  }

  /** Retry-After in seconds; one second when it is missing or is a date. */
  private static long retryAfterNanos(HttpHeaders headers) {
    String text = headers.firstValue("Retry-After").orElse("1");
    boolean seconds =
        !text.isEmpty() && text.length() < 6 && text.chars().allMatch(Character::isDigit);
    return (seconds ? Long.parseLong(text) : 1) * 1_000_000_000L;
  }
}
