package io.holdfast.cli;

import io.holdfast.drill.AdminClient;
import io.holdfast.drill.LocalSite;
import io.holdfast.drill.NodeLaunch;
import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.SiteDescriptor;
import io.holdfast.kernel.HoldfastException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a node a member of its site no more. */
@Command(
    name = "remove",
    description = {
      "Make a node a member of its site no more; it stops itself, and its name never comes back.",
      "Refused when most of the other members could not be reached."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast node remove n5                             of the local site",
      "  holdfast node remove n5 --admin http://127.0.0.1:7200",
    })
final class NodeRemoveCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Duration STOPS = Duration.ofSeconds(10);

  private final Console console;

  @Parameters(paramLabel = "NAME", description = "The member to be removed.")
  private String name = "";

  @Option(
      names = "--admin",
      paramLabel = "URL",
      description = "The admin API of any node of the site (default: those of the local site).")
  private @Nullable URI admin;

  @Mixin private final LocalSiteOptions site = new LocalSiteOptions();

  NodeRemoveCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    URI given = admin;
    if (given != null) {
      tell(new AdminClient(given).removeNode(name, PATIENCE).members());
      return ExitCodes.OK;
    }
    Path directory = site.directory(console);
    SiteDescriptor.read(directory);
    LocalSite local = LocalSite.find(directory, NodeLaunch.likeThisProcess());
    NodeProcess gone = local.node(name);
    NodeProcess asked =
        local.nodes().stream()
            .filter(node -> node != gone && node.isAlive())
            .findFirst()
            .orElseThrow(
                () ->
                    new HoldfastException(
                        "unavailable", "no other node of " + directory + " runs", "start it"));
    List<String> members =
        new AdminClient(asked.address().admin()).removeNode(name, PATIENCE).members();
    if (!gone.waitGone(STOPS)) {
      gone.stop(STOPS);
    }
    local.forget(name);
    tell(members);
    return ExitCodes.OK;
  }

  private void tell(List<String> members) {
    List<String> left = members.stream().filter(member -> !member.equals(name)).toList();
    console.out().println(name + " is no member any more; the members are " + left);
    if (left.size() % 2 == 0) {
      console
          .err()
          .println(
              left.size()
                  + " nodes survive no more failures than "
                  + (left.size() - 1)
                  + ": sites have 1, 3 or 5");
    }
  }
}
