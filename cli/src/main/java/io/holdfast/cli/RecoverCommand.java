package io.holdfast.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the steps by which a site goes on from one node when most of its nodes are lost. */
@Command(
    name = "recover",
    description = {
      "Go on from one node's data when most nodes of a site are lost for good.",
      "Two operators must sign from whose. The nodes are stopped; nothing is ever deleted."
    },
    subcommands = {
      RecoverInspectCommand.class,
      RecoverKeyCommand.class,
      RecoverProposeCommand.class,
      RecoverSignCommand.class,
      RecoverApplyCommand.class,
    },
    footerHeading = "%nIn this order:%n",
    footer = {
      "  holdfast recover key --name zoe --out zoe.key        once per operator, before it is needed",
      "  holdfast recover inspect n1 n2                       what the surviving directories have",
      "  holdfast recover propose n1 --reason '…' --out p.json",
      "  holdfast recover sign p.json --key zoe.key           two operators, each at their own desk",
      "  holdfast recover apply p.json n1 --trust zoe.key.pub --trust max.key.pub",
    })
final class RecoverCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: inspect, key, propose, sign or apply");
  }
}
