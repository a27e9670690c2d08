package io.holdfast.cli;

import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.UInt128;
import io.holdfast.node.NewNode;
import io.holdfast.node.NewSite;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes the directories of a new site's nodes. */
@Command(
    name = "init",
    description = "Make a new ledger: its id, keys, certificates and a directory for each node.",
    footerHeading = "%nExample:%n",
    footer = {
      "  holdfast init --site prague --dir site \\",
      "      --node n1=10.0.0.1:7400,rest=127.0.0.1:7300 \\",
      "      --node n2=10.0.0.2:7400,rest=127.0.0.1:7300 \\",
      "      --node n3=10.0.0.3:7400,rest=127.0.0.1:7300",
      "",
      "Then take each node's directory to its machine, keep site/ca offline, and on each machine:",
      "  holdfast serve --config n1/holdfast.yaml",
    })
final class InitCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--site",
      required = true,
      paramLabel = "NAME",
      description = "The site's name: letters, digits and dashes.")
  private String site = "";

  @Option(
      names = "--node",
      required = true,
      paramLabel = "NODE",
      description = {
        "NAME=HOST:PORT[,rest=HOST:PORT][,admin=HOST:PORT], for each node: 1, 3 or 5 of them.",
        "The first address is where the other nodes reach it; rest (default 127.0.0.1:7300) and"
            + " admin (default 127.0.0.1:7200) are where it listens for clients and operators."
      })
  private List<String> nodes = new ArrayList<>();

  @Option(
      names = "--dir",
      required = true,
      paramLabel = "DIR",
      description = "Where to make it; must not exist or be empty.")
  private Path directory = Path.of("");

  InitCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<NewNode> all = nodes.stream().map(NewNode::parse).toList();
    Path home = console.resolve(directory);
    UInt128 ledgerId = NewSite.create(home, site, all, new SystemClock());
    console.out().println("ledger " + ledgerId.toHex() + ", site " + site + ", in " + home);
    for (String node : nodes) {
      String name = node.substring(0, node.indexOf('='));
      console
          .out()
          .println(
              "  %s: %s serve --config %s"
                  .formatted(name, console.command(), home.resolve(name).resolve("holdfast.yaml")));
    }
    console
        .out()
        .println(
            "keep " + home.resolve("ca") + " offline: who has it can make nodes of this ledger");
    return ExitCodes.OK;
  }
}
