package io.holdfast.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which local site a command is about. */
final class LocalSiteOptions {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = GatewayOptions.LOCAL_SITE,
      description = "The site's directory (default ./${DEFAULT-VALUE}).")
  private Path directory = Path.of(GatewayOptions.LOCAL_SITE);

  Path directory(Console console) {
    return console.resolve(directory);
  }
}
