package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.holdfast.kernel.SystemClock;
import io.holdfast.node.RepositoryConfig;
import io.holdfast.vault.Expire;
import io.holdfast.vault.ExpirePlan;
import io.holdfast.vault.Manifests;
import io.holdfast.vault.Pause;
import io.holdfast.vault.Retention;
import io.holdfast.vault.Vault;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Deletes backups that nobody wants any more, or says which ones those are. */
@Command(
    name = "expire",
    description = {
      "Say which backups would go by rules, and why others stay; with --apply delete them.",
      "What only they needed goes with them. A backup stays if any rule wants it, if it is held, or",
      "if it is the newest of its branch, with which every moment of that branch can be restored.",
      "Rules come from the options, or with --config from there if none is given."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast backup expire --keep-last 7 --keep-monthly 12 --config holdfast.yaml --name here",
      "  holdfast backup expire --keep-within 90d --apply --repository file:/backup \\",
      "    --key-file main.key",
    })
final class BackupExpireCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final RepositoryOptions repositories = new RepositoryOptions();

  @Option(
      names = "--keep-last",
      paramLabel = "N",
      defaultValue = "0",
      description = "Keep so many of the newest of each branch.")
  private int keepLast;

  @Option(
      names = "--keep-daily",
      paramLabel = "N",
      defaultValue = "0",
      description = "Keep the newest of each of the last N days (UTC) that have one.")
  private int keepDaily;

  @Option(
      names = "--keep-weekly",
      paramLabel = "N",
      defaultValue = "0",
      description = "The same by weeks, from Monday on.")
  private int keepWeekly;

  @Option(
      names = "--keep-monthly",
      paramLabel = "N",
      defaultValue = "0",
      description = "The same by months.")
  private int keepMonthly;

  @Option(
      names = "--keep-within",
      paramLabel = "TIME",
      defaultValue = "0s",
      description = "Keep those that are not older than this, such as 90d.")
  private String keepWithin = "0s";

  @Option(names = "--apply", description = "Delete. Without it nothing is changed.")
  private boolean apply;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      defaultValue = "0s",
      description = "Wait so long for a backup that runs (default: refuse at once).")
  private String wait = "0s";

  @Option(
      names = "--accept-lost",
      paramLabel = "NAME",
      description = {
        "Give up a backup whose manifest is lost or damaged, by its whole name, and whatever it",
        "alone needed; without that nothing is deleted while one is lost. Repeat it for several."
      })
  private List<String> acceptLost = new ArrayList<>();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  BackupExpireCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    RepositoryOptions.Chosen chosen = repositories.one(console);
    Expire.Wanted wanted = new Expire.Wanted(retention(chosen.keep()), Set.copyOf(acceptLost));
    Duration patience = Durations.parse("--wait", wait);
    ExpirePlan plan;
    try (Vault vault = chosen.open();
        RestoreProgress progress = new RestoreProgress(console, console.terminal() && !json)) {
      Expire expire = new Expire(vault, new SystemClock(), Pause.SYSTEM, progress);
      plan = apply ? expire.apply(wanted, patience) : expire.plan(wanted);
    }
    if (json) {
      body(plan).printTo(console);
    } else {
      print(plan);
    }
    return ExitCodes.OK;
  }

  private Retention retention(RepositoryConfig.@Nullable Keep keep) {
    Duration within = Durations.parse("--keep-within", keepWithin);
    boolean given =
        keepLast != 0 || keepDaily != 0 || keepWeekly != 0 || keepMonthly != 0 || !within.isZero();
    return given || keep == null
        ? new Retention(keepLast, keepDaily, keepWeekly, keepMonthly, within)
        : new Retention(keep.last(), keep.daily(), keep.weekly(), keep.monthly(), keep.within());
  }

  private void print(ExpirePlan plan) {
    Table table = new Table("backup", "taken", "branch", "last op>", "", "why");
    for (ExpirePlan.Decided decided : plan.decisions()) {
      Manifests.Named backup = decided.backup();
      table.row(
          backup.id(),
          VerifyView.second(backup.manifest().takenAt()),
          decided.branch().substring(0, 8),
          Shown.count(backup.manifest().lastOp()),
          decided.kept() ? "stays" : apply ? "GONE" : "GOES",
          String.join(", ", decided.reasons()));
    }
    console.out().println(table);
    console
        .out()
        .printf(
            Locale.ROOT,
            "%s %d of %d backups and %s objects, %.1f MB%n",
            apply ? "deleted" : "would delete",
            plan.going().size(),
            plan.decisions().size(),
            Shown.count(plan.deleted().size()),
            plan.freedBytes() / 1e6);
    if (plan.young().objects() > 0) {
      console
          .out()
          .printf(
              Locale.ROOT,
              "left %s objects, %.1f MB, that nothing refers to and that are younger than a day%n",
              Shown.count(plan.young().objects()),
              plan.young().bytes() / 1e6);
    }
    plan.unknown()
        .forEach(name -> console.out().println("left " + name + ", which cannot be read"));
    plan.locked()
        .forEach(name -> console.out().println("left " + name + ", which the store has locked"));
    if (!apply) {
      console.out().println("nothing was changed; to do it, add --apply");
    }
  }

  private JsonBody body(ExpirePlan plan) {
    return out -> {
      out.writeStartObject();
      out.writeBooleanField("applied", apply);
      out.writeArrayFieldStart("backups");
      for (ExpirePlan.Decided decided : plan.decisions()) {
        out.writeStartObject();
        out.writeStringField("id", decided.backup().id());
        out.writeStringField("name", decided.backup().name());
        out.writeStringField("branch", decided.branch());
        out.writeStringField("taken_at", Long.toString(decided.backup().manifest().takenAt()));
        out.writeNumberField("last_op", decided.backup().manifest().lastOp());
        out.writeBooleanField("stays", decided.kept());
        out.writeArrayFieldStart("why");
        for (String reason : decided.reasons()) {
          out.writeString(reason);
        }
        out.writeEndArray();
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeNumberField("objects", plan.deleted().size());
      out.writeNumberField("freed_bytes", plan.freedBytes());
      out.writeNumberField("young_objects", plan.young().objects());
      out.writeNumberField("young_bytes", plan.young().bytes());
      names(out, "unknown", plan.unknown());
      names(out, "locked", plan.locked());
      out.writeEndObject();
    };
  }

  private static void names(JsonGenerator out, String field, List<String> names)
      throws IOException {
    out.writeArrayFieldStart(field);
    for (String name : names) {
      out.writeString(name);
    }
    out.writeEndArray();
  }
}
