package io.holdfast.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a node that a site is to take in will be, and what its directory is made from. */
final class NewMemberOptions {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = GatewayOptions.LOCAL_SITE,
      description = {
        "What 'up' or 'init' made: ca and directories of nodes (default ./${DEFAULT-VALUE}).",
        "One node's directory is enough, if it is whole."
      })
  Path directory = Path.of(GatewayOptions.LOCAL_SITE);

  @Option(
      names = "--ca",
      paramLabel = "DIR",
      description = "The ledger's authority (default: ca in --dir).")
  @Nullable Path authority;

  @Option(
      names = "--address",
      paramLabel = "HOST:PORT",
      description = "Where the other nodes reach it; not needed for a local site.")
  @Nullable String address;

  @Option(
      names = "--rest",
      paramLabel = "HOST:PORT",
      description = "Where it listens for applications (default 127.0.0.1:7300).")
  @Nullable String rest;

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      description = "Where it listens for operators (default 127.0.0.1:7200).")
  @Nullable String admin;

  @Option(
      names = "--node-dir",
      paramLabel = "DIR",
      description = "The directory to make (default: the node's name in --dir).")
  @Nullable Path nodeDirectory;

  @Option(names = "--no-start", description = "Make the directory, and start nothing.")
  boolean noStart;

  @Option(names = "--json", description = "Print progress and result as JSON, a document a line.")
  boolean json;
}
