package io.holdfast.cli;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.HoldfastClientBuilder;
import io.holdfast.drill.SiteDescriptor;
import io.holdfast.kernel.HoldfastException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which ledger a command speaks to. */
final class GatewayOptions {
  /** The directory of a local site when none is named. */
  static final String LOCAL_SITE = "holdfast-data";

  private static final String VARIABLE = "HOLDFAST_GATEWAYS";

  @Option(
      names = "--gateway",
      paramLabel = "URL",
      description = {
        "A node's REST address, such as http://127.0.0.1:7301; repeat it for more nodes.",
        "Without it: the variable HOLDFAST_GATEWAYS, then the local site in ./holdfast-data."
      })
  private List<String> gateways = new ArrayList<>();

  @Option(
      names = "--deadline",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "How long to wait for an answer, 1 to 600 (default ${DEFAULT-VALUE}).")
  private int deadlineSeconds = 10;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "The ledger's ca.crt, for gateways that speak HTTPS.")
  private @Nullable Path authority;

  Duration deadline() {
    if (deadlineSeconds < 1 || deadlineSeconds > 600) {
      throw new HoldfastException(
          "usage", "--deadline is " + deadlineSeconds + "; allowed: 1 to 600 seconds", "");
    }
    return Duration.ofSeconds(deadlineSeconds);
  }

  /** Whether the command line itself names any. */
  boolean named() {
    return !gateways.isEmpty();
  }

  /** The addresses, at least one; code {@code no-gateway} if nothing names any. */
  List<URI> addresses(Console console) {
    List<String> named = gateways;
    if (named.isEmpty()) {
      String variable = console.environment().getOrDefault(VARIABLE, "").strip();
      named = variable.isEmpty() ? List.of() : List.of(variable.split("[,\\s]+"));
    }
    Path site = console.resolve(Path.of(LOCAL_SITE));
    if (named.isEmpty() && SiteDescriptor.existsIn(site)) {
      named =
          SiteDescriptor.read(site).nodes().stream()
              .map(node -> "http://127.0.0.1:" + node.restPort())
              .toList();
    }
    if (named.isEmpty()) {
      throw new HoldfastException(
          "no-gateway",
          "no ledger to speak to: no --gateway, no " + VARIABLE + ", no site in " + site,
          "start a local one with: " + console.command() + " up --detach");
    }
    return named.stream().map(GatewayOptions::address).toList();
  }

  HoldfastClient connect(Console console) {
    HoldfastClientBuilder builder =
        HoldfastClient.builder().gateways(addresses(console)).deadline(deadline());
    if (authority != null) {
      builder.caCertificate(console.resolve(authority));
    }
    return builder.build();
  }

  /** For asking each gateway by itself. */
  HttpClient http(Console console) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1));
    if (authority != null) {
      builder.sslContext(TrustedAuthority.context(console.resolve(authority)));
    }
    return builder.build();
  }

  private static URI address(String text) {
    String stripped = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    try {
      URI uri = URI.create(stripped.contains("://") ? stripped : "http://" + stripped);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw malformed(text);
    }
    throw malformed(text);
  }

  private static HoldfastException malformed(String text) {
    return new HoldfastException(
        "usage", "--gateway is '" + text + "'; allowed: http://HOST:PORT or https://HOST:PORT", "");
  }
}
