package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.vault.Differences;
import io.holdfast.vault.Moment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Prints what accounts differ by, from a moment until now. */
final class DifferencePrinting {
  private final Console console;
  private final int scale;
  private final boolean json;

  DifferencePrinting(Console console, int scale, boolean json) {
    this.console = console;
    this.scale = scale;
    this.json = json;
  }

  /**
   * @param wanted accounts; empty for all
   * @param rows at most, 0 for no bound
   * @param unchanged whether those that did not change are shown
   */
  void print(Moment then, PreviewNow now, List<UInt128> wanted, int rows, boolean unchanged) {
    Differences differences = new Differences(then.queries(), now.queries());
    if (json) {
      try {
        write(then, now, differences, wanted, rows, unchanged);
      } catch (IOException e) {
        throw new UncheckedIOException("a console takes what it is given", e);
      }
      return;
    }
    DifferenceReport.Printing printing = new DifferenceReport.Printing(console, scale);
    DifferenceReport report = new DifferenceReport(printing, rows, unchanged);
    fill(report, differences, wanted);
    printing.flush();
    console
        .err()
        .println(
            Shown.count(report.changed())
                + " of "
                + Shown.count(report.accounts())
                + " accounts changed from op "
                + then.op()
                + " to "
                + now.words());
    if (rows > 0 && report.changed() > rows) {
      console.err().println("these " + rows + " changed the most; --top N shows more, --all all");
    }
  }

  private void write(
      Moment then,
      PreviewNow now,
      Differences differences,
      List<UInt128> wanted,
      int rows,
      boolean unchanged)
      throws IOException {
    try (JsonGenerator out =
        new JsonFactory()
            .createGenerator(console.out())
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      out.useDefaultPrettyPrinter();
      out.writeStartObject();
      out.writeStringField("ledger_id", then.ledgerId().toHex());
      out.writeNumberField("then_op", then.op());
      out.writeStringField("then_timestamp", Long.toString(then.timeNanos()));
      out.writeArrayFieldStart("accounts");
      DifferenceReport report =
          new DifferenceReport(
              row -> {
                try {
                  DifferenceReport.write(out, row);
                } catch (IOException e) {
                  throw new UncheckedIOException("a console takes what it is given", e);
                }
              },
              rows,
              unchanged);
      fill(report, differences, wanted);
      out.writeEndArray();
      out.writeNumberField("now_op", now.op());
      out.writeNumberField("compared", report.accounts());
      out.writeNumberField("changed", report.changed());
      out.writeEndObject();
    }
    console.out().println();
  }

  private void fill(DifferenceReport report, Differences differences, List<UInt128> wanted) {
    if (wanted.isEmpty()) {
      differences.forEach(report::add);
    } else {
      differences.forEach(wanted, report::add);
      if (report.accounts() < wanted.size()) {
        throw new HoldfastException(
            "not-found",
            wanted.size() - report.accounts() + " of the accounts asked for are not open now",
            "see which there are with: " + console.command() + " account list");
      }
    }
    report.end();
  }
}
