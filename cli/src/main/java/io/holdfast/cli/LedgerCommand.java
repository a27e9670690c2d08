package io.holdfast.cli;

import io.holdfast.client.HoldfastClient;
import io.holdfast.kernel.HoldfastException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that asks a ledger something or has it do something, through its gateways. */
abstract class LedgerCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final GatewayOptions gateways = new GatewayOptions();

  @Option(names = "--json", description = "Print JSON, errors included.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  LedgerCommand(Console console) {
    this.console = console;
  }

  /** Does the work with a client that is closed afterwards; returns the exit code. */
  abstract int run(HoldfastClient client);

  @Override
  public final Integer call() {
    check();
    try (HoldfastClient client = gateways.connect(console)) {
      return run(client);
    }
  }

  /** Refuses options that do not go together, before anybody is asked. */
  void check() {}

  final Console console() {
    return console;
  }

  final boolean json() {
    return json;
  }

  final GatewayOptions gateways() {
    return gateways;
  }

  final CommandSpec spec() {
    return spec;
  }

  /** Prints a JSON document. */
  final void print(JsonBody body) {
    body.printTo(console);
  }

  final void print(String line) {
    console.out().println(line);
  }

  /** The same error, saying how to repeat what was not taken, or may or may not have happened. */
  final HoldfastException repeatable(HoldfastException e, String id) {
    String repeat = RepeatCommand.of(console, spec, id);
    return switch (e.code()) {
      case "outcome-unknown" ->
          new HoldfastException(
              e.code(),
              "no answer in time: it may or may not have happened (" + e.message() + ")",
              "repeat with the same id " + id + ": " + repeat,
              e);
      case "no-leader", "overloaded", "unavailable" ->
          new HoldfastException(
              e.code(), e.message(), "try again, it is safe with the same id: " + repeat, e);
      default -> e;
    };
  }
}
