package io.holdfast.drill;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks a node's health endpoints; whatever is not a clear yes is a no. */
final class HealthProbe {
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  private HealthProbe() {}

  static boolean ready(NodeAddress address) {
    return yes(address.rest().resolve("/health/ready"));
  }

  static boolean leads(NodeAddress address) {
    return yes(address.rest().resolve("/health/leader"));
  }

  private static boolean yes(URI uri) {
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
    try {
      return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
