package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows how a site is. */
@Command(
    name = "status",
    description = "Show a site's nodes, roles, op, lag, throughput, latency and availability.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast status",
      "  holdfast status --watch --gateway http://10.0.0.1:7300 --gateway http://10.0.0.2:7300",
    })
final class StatusCommand implements Callable<Integer> {
  /** Between the two readings that a single look takes to tell the rate. */
  private static final long APART_MILLIS = 500;

  private final Console console;

  @Option(names = "--watch", description = "Show it again and again, until Ctrl-C.")
  private boolean watch;

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      defaultValue = "1",
      description = "With --watch: how often (default ${DEFAULT-VALUE}).")
  private int intervalSeconds;

  @Option(names = "--json", description = "Print JSON; with --watch one document each time.")
  private boolean json;

  @Mixin private final GatewayOptions gateways = new GatewayOptions();

  StatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (intervalSeconds < 1 || intervalSeconds > 3_600) {
      throw Arguments.wrong("--interval", Integer.toString(intervalSeconds), "1 to 3600 seconds");
    }
    List<URI> addresses = gateways.addresses(console);
    try (HttpClient http = gateways.http(console)) {
      SiteReading before = SiteReading.take(http, addresses);
      if (!watch) {
        Waiting.pause(before.best().isPresent() ? APART_MILLIS : 0);
      }
      try (LiveLines screen = new LiveLines(console)) {
        while (true) {
          SiteReading now = SiteReading.take(http, addresses);
          SiteStatusView view = new SiteStatusView(before, now);
          if (!watch) {
            console.out().println(json ? view.json() : String.join("\n", view.lines(console)));
            return ended(now, view);
          }
          if (json) {
            console.out().println(view.json());
          } else {
            screen.show(view.lines(console));
          }
          before = now;
          Waiting.pause(Duration.ofSeconds(intervalSeconds).toMillis());
        }
      }
    }
  }

  private int ended(SiteReading now, SiteStatusView view) {
    if (now.best().isEmpty()) {
      throw new HoldfastException(
          "unavailable",
          "no gateway answered: " + now.answers().keySet(),
          "start the local site with: " + console.command() + " up --detach");
    }
    if (!json) {
      view.silent().forEach(gateway -> console.err().println("no answer from " + gateway));
    }
    return now.best().get().leader() == null ? ExitCodes.UNAVAILABLE : ExitCodes.OK;
  }
}
