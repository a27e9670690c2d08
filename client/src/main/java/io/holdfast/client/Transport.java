package io.holdfast.client;

import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * The connections, the timer and the threads of one client.
 *
 * <p>HTTP/1.1 with kept connections: every request in flight has a connection of its own, so that a
 * lost one delays no other, and a request of a MiB needs no flow control between streams.
 *
 * <p>Answers and whatever callers hang on them run on virtual threads of their own, so a caller
 * that blocks in a callback stops nobody else. The timer's one thread runs only what is short.
 */
final class Transport implements AutoCloseable {
  /** Content type of binary requests and answers. */
  static final String BATCH = "application/vnd.holdfast.batch";

  static final String JSON = "application/json";

  /** A page of the most rows is below 8 MiB as JSON; a gateway never sends more. */
  private static final long ANSWER_BYTES_MAX = 32L << 20;

  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
  private static final long GATEWAY_WAIT_MAX_MILLIS = 60_000;

  private final HttpClient http;
  private final ExecutorService answers = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledThreadPoolExecutor timer;

  Transport(@Nullable SSLContext tls) {
    this.timer = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "holdfast-client-timer"));
    timer.setRemoveOnCancelPolicy(true);
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .executor(answers);
    if (tls != null) {
      SSLParameters parameters = new SSLParameters();
      parameters.setProtocols(new String[] {"TLSv1.3"});
      builder.sslContext(tls).sslParameters(parameters);
    }
    this.http = builder.build();
  }

  static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** What came back, whole. */
  record Response(int status, HttpHeaders headers, byte[] body) {}

  /**
   * A call that was sent, or is about to be.
   *
   * @param response completed on a virtual thread when all of it is there
   * @param exchange what to cancel
   * @param body null for a GET, which has none that could be withdrawn
   */
  record Sending(
      CompletableFuture<Response> response,
      CompletableFuture<?> exchange,
      @Nullable WithdrawableBody body) {
    /** Makes certain, if it still can be, that the gateway never gets it. */
    boolean withdraw() {
      return body != null && body.withdraw();
    }

    void cancel() {
      exchange.cancel(true);
    }
  }

  /** Sends a call to a gateway, which is told how long the caller will wait. */
  Sending send(Call call, Gateway gateway, long waitNanos) {
    long millis = Math.clamp(waitNanos / 1_000_000, 1, GATEWAY_WAIT_MAX_MILLIS);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(gateway.uri(call.path()))
            .timeout(Duration.ofNanos(Math.max(1, waitNanos)))
            .setHeader("Accept", call.accept() + ", application/problem+json")
            .setHeader("Holdfast-Timeout-Millis", Long.toString(millis));
    WithdrawableBody body = call.body() == null ? null : new WithdrawableBody(call.body());
    if (body != null) {
      request.setHeader("Content-Type", call.contentType()).POST(body);
    }
    CompletableFuture<Response> response = new CompletableFuture<>();
    CompletableFuture<?> exchange;
    try {
      exchange = http.sendAsync(request.build(), handing(response));
    } catch (RuntimeException e) {
      exchange = CompletableFuture.failedFuture(e);
    }
    var _ =
        exchange.whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                response.completeExceptionally(failure);
              }
            });
    return new Sending(response, exchange, body);
  }

  /**
   * Hands the answer on as soon as its body is whole. The future that the HTTP client returns would
   * do so by way of the JVM's common pool, which an application may have filled with other work.
   */
  private BodyHandler<byte[]> handing(CompletableFuture<Response> response) {
    BodyHandler<byte[]> whole = BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX);
    return info ->
        BodySubscribers.mapping(
            whole.apply(info),
            bytes -> {
              Response answer = new Response(info.statusCode(), info.headers(), bytes);
              run(() -> response.complete(answer));
              return bytes;
            });
  }

  /** Runs something soon, on a thread that may block. */
  void run(Runnable task) {
    try {
      answers.execute(task);
    } catch (RejectedExecutionException closed) {
      task.run(); // a caller's future must be completed even when the client is closing
    }
  }

  /** Runs something short at a time of {@link System#nanoTime}; nothing after the end. */
  @Nullable Future<?> at(long nanoTime, Runnable task) {
    try {
      return timer.schedule(task, nanoTime - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closed) {
      return null;
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    http.shutdownNow();
    try {
      http.awaitTermination(CLOSE_TIMEOUT);
      timer.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    answers.shutdown();
  }
}
