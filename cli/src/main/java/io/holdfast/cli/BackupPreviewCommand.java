package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.UInt128;
import io.holdfast.node.PreviewGateway;
import io.holdfast.vault.Moment;
import io.holdfast.vault.MomentFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the ledger as it was, what became of it since, and proposes how to correct that. */
@Command(
    name = "preview",
    description = {
      "Show the ledger as it was at a past moment, and what accounts differ by since.",
      "Nothing is written but a copy in a scratch directory, which goes at the end.",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast backup preview --node-dir n1 --at 2026-11-23T15:26:15Z",
      "  holdfast backup preview --node-dir n1 --op 4711 --account 42 --history 42",
      "  holdfast backup preview --config holdfast.yaml --name main --op 4711 --serve 7400",
      "  holdfast backup preview --node-dir n1 --op 4711 --code 30 --propose wrong.json \\",
      "    --correction-code 99 --reason 'salaries of October paid twice'",
    })
final class BackupPreviewCommand implements Callable<Integer> {
  private static final int TOP_DEFAULT = 50;

  private final Console console;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "As it was at this instant, end of day (UTC) or nanosecond.")
  private @Nullable String at;

  @Option(names = "--op", paramLabel = "N", description = "As it was after this op.")
  private @Nullable String op;

  @Mixin private final PreviewSource source = new PreviewSource();

  @Mixin private final GatewayOptions gateways = new GatewayOptions();

  @Option(
      names = "--account",
      paramLabel = "ID",
      description = "Only this account, or transfers of it; repeatable.")
  private List<String> accounts = new ArrayList<>();

  @Option(
      names = "--history",
      paramLabel = "ID",
      description = "What had moved this account, newest first.")
  private @Nullable String history;

  @Option(
      names = "--serve",
      paramLabel = "PORT",
      description = "Answer REST on 127.0.0.1, read-only, until TERM or INT; 0 for a free port.")
  private @Nullable Integer port;

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "The N accounts that changed the most (default 50).")
  private @Nullable Integer top;

  @Option(names = "--all", description = "All accounts, also those that did not change.")
  private boolean all;

  @Mixin private final ProposeOptions proposing = new ProposeOptions();

  @Option(
      names = "--scale",
      paramLabel = "N",
      defaultValue = "0",
      description = "Show amounts with so many decimals (default: whole minor units).")
  private int scale;

  @Option(
      names = "--scratch",
      paramLabel = "DIR",
      description = "Where copies are made; on the file system of DIR they take no room.")
  private @Nullable Path scratch;

  @Option(names = "--keep", description = "Leave the copies where they are.")
  private boolean keep;

  @Option(names = "--json", description = "Print JSON, errors included.")
  private boolean json;

  BackupPreviewCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Set<UInt128> wanted = new LinkedHashSet<>();
    accounts.forEach(account -> wanted.add(Arguments.id("--account", account)));
    check(wanted);
    Path copies = PreviewMoments.scratch(scratch == null ? null : console.resolve(scratch));
    try (PreviewMoments moments = new PreviewMoments(copies, keep, this::tell)) {
      MomentFiles files = source.files(console, copies, json);
      moments.take(files);
      long wantedOp = op(files);
      Moment then = moments.at("then", wantedOp);
      announce(then);
      if (port != null) {
        serve(then, port);
        return ExitCodes.OK;
      }
      if (history != null) {
        PreviewedAccount.printHistory(
            console, then, Arguments.id("--history", history), scale, json);
        return ExitCodes.OK;
      }
      try (PreviewNow now = gateways.named() ? now() : PreviewNow.of(moments.newest())) {
        now.checkSameLedger(then);
        Path file = proposing.file();
        if (file == null) {
          difference(then, now, wanted);
        } else {
          new ProposalWriting(console, proposing, scale, json)
              .write(console.resolve(file), then, now, wanted, accounts);
        }
      }
      return ExitCodes.OK;
    } finally {
      if (keep) {
        console.err().println("the copies are kept in " + copies);
      }
    }
  }

  private void check(Set<UInt128> wanted) {
    Arguments.checkScale(scale);
    if ((at == null) == (op == null)) {
      throw new HoldfastException(
          "usage",
          at == null ? "neither --at nor --op is given" : "--at and --op exclude each other",
          "name a moment: --at TIME, or --op N");
    }
    source.check(console);
    if (top != null && (top < 1 || all)) {
      throw all
          ? new HoldfastException("usage", "--top and --all exclude each other", "")
          : Arguments.wrong("--top", Integer.toString(top), "1 or more");
    }
    if (port != null && (port < 0 || port > 65_535)) {
      throw Arguments.wrong("--serve", Integer.toString(port), "0 to 65535");
    }
    List<String> acts = new ArrayList<>();
    if (port != null) {
      acts.add("--serve");
    }
    if (history != null) {
      var _ = Arguments.id("--history", history);
      acts.add("--history");
    }
    if (proposing.file() != null) {
      acts.add("--propose");
    }
    if (acts.size() > 1) {
      throw new HoldfastException(
          "usage", String.join(" and ", acts) + " exclude each other", "do one at a time");
    }
    proposing.check(wanted, all);
  }

  private long op(MomentFiles files) {
    if (op != null) {
      return Arguments.number("--op", op, 63).longValue();
    }
    long nanos = Times.upTo("--at", String.valueOf(at));
    if (nanos > new SystemClock().wallNanos()) {
      throw new HoldfastException(
          "time-to-come",
          "--at is " + at + ", a time to come; allowed: up to now",
          "leave no time ahead, or name an op with --op");
    }
    return files.opAt(nanos);
  }

  private PreviewNow now() {
    return PreviewNow.of(gateways.connect(console), gateways.deadline());
  }

  private void announce(Moment then) {
    console
        .err()
        .println(
            console.paint(
                "PREVIEW of op "
                    + then.op()
                    + " at "
                    + Shown.time(then.timeNanos())
                    + ": the ledger as it was then, read-only",
                Console.Style.YELLOW));
  }

  private void tell(String words) {
    console.err().println(console.paint(words, Console.Style.FAINT));
  }

  private void serve(Moment then, int wantedPort) {
    try (PreviewGateway gateway = PreviewGateway.start(then, wantedPort)) {
      console
          .out()
          .println(
              "serving op "
                  + then.op()
                  + " at "
                  + gateway.address()
                  + "; ask it with --gateway "
                  + gateway.address()
                  + ", stop it with Ctrl-C");
      console.out().flush();
      gateway.awaitSignal();
    }
  }

  private void difference(Moment then, PreviewNow now, Set<UInt128> wanted) {
    boolean few = !wanted.isEmpty();
    int rows = all || few ? 0 : top == null ? TOP_DEFAULT : top;
    new DifferencePrinting(console, scale, json)
        .print(then, now, List.copyOf(wanted), rows, all || few);
  }
}
