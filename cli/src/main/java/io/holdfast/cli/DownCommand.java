package io.holdfast.cli;

import io.holdfast.drill.LocalSite;
import io.holdfast.drill.NodeLaunch;
import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.SiteDescriptor;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stops a local site. */
@Command(
    name = "down",
    description = "Stop the local site in good order; its ledger stays in the directory.",
    footerHeading = "%nExample:%n",
    footer = "  holdfast down")
final class DownCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final LocalSiteOptions site = new LocalSiteOptions();

  DownCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Path directory = site.directory(console);
    if (!SiteDescriptor.existsIn(directory)) {
      console.out().println("nothing to stop: there is no site in " + directory);
      return ExitCodes.OK;
    }
    LocalSite local = LocalSite.find(directory, NodeLaunch.likeThisProcess());
    long alive = local.nodes().stream().filter(NodeProcess::isAlive).count();
    if (alive == 0) {
      console.out().println("nothing to stop: no node of " + directory + " runs");
      return ExitCodes.OK;
    }
    local.stop();
    console.out().println("stopped " + alive + " nodes; the ledger is in " + directory);
    return ExitCodes.OK;
  }
}
