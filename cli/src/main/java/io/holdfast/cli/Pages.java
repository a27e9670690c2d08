package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.holdfast.client.LedgerAccess.Answer;
import io.holdfast.ledger.Page;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/**
 * Rows that are asked for page by page and printed as they come, so that there may be any number of
 * them. A page may be empty though more follow.
 */
final class Pages<T> {
  /** Asks for a page of at most so many rows. */
  interface Query<T> {
    Answer<Page<T>> ask(int rows, long after);
  }

  /** Writes a row. */
  interface RowWriter<T> {
    void write(JsonGenerator out, T row) throws IOException;
  }

  /** Fills the table with rows. */
  interface RowFiller<T> {
    void fill(Table table, List<T> rows);
  }

  private final PageOptions options;
  private final Query<T> query;
  private final Answer<Page<T>> first;
  private Page<T> page;
  private long rows;

  /** Asks for the first page at once. */
  Pages(PageOptions options, Query<T> query) {
    this.options = options;
    this.query = query;
    this.first = query.ask(options.next(0), 0);
    this.page = first.value();
    this.rows = page.rows().size();
  }

  /** Whether there is nothing at all. */
  boolean isEmpty() {
    while (rows == 0 && page.next() != 0) {
      turn();
    }
    return rows == 0;
  }

  /** The answer with the first page. */
  Answer<Page<T>> first() {
    return first;
  }

  private boolean wantsMore() {
    return page.next() != 0 && options.next(rows) > 0;
  }

  private void turn() {
    page = query.ask(options.next(rows), page.next()).value();
    rows += page.rows().size();
  }

  /** Writes {@code op}, {@code lag_ops}, {@code lag_ms}, the rows and {@code next}. */
  void writeFields(JsonGenerator out, String name, RowWriter<T> writer) throws IOException {
    writeFreshness(out, first);
    writeRows(out, name, writer);
  }

  /** Writes the rows and {@code next}. */
  void writeRows(JsonGenerator out, String name, RowWriter<T> writer) throws IOException {
    out.writeArrayFieldStart(name);
    for (T row : page.rows()) {
      writer.write(out, row);
    }
    while (wantsMore()) {
      turn();
      for (T row : page.rows()) {
        writer.write(out, row);
      }
    }
    out.writeEndArray();
    if (page.next() == 0) {
      out.writeNullField("next");
    } else {
      out.writeStringField("next", Long.toString(page.next()));
    }
  }

  static void writeFreshness(JsonGenerator out, Answer<?> answer) throws IOException {
    out.writeNumberField("op", answer.op());
    out.writeNumberField("lag_ops", answer.lagOps());
    out.writeNumberField("lag_ms", answer.lagMillis());
  }

  /** Prints the table, and whether there is more. */
  void print(Console console, Table table, RowFiller<T> filler) {
    filler.fill(table, page.rows());
    table.drain().forEach(console.out()::println);
    while (wantsMore()) {
      turn();
      filler.fill(table, page.rows());
      table.drain().forEach(console.out()::println);
    }
    if (page.next() != 0) {
      console.err().println(PageOptions.THERE_ARE_MORE);
    }
  }

  /** The same rows, each made into another. */
  static <A, B> Answer<Page<B>> mapped(Answer<Page<A>> answer, Function<List<A>, List<B>> rows) {
    Page<A> page = answer.value();
    return new Answer<>(
        new Page<>(rows.apply(page.rows()), page.next()),
        answer.op(),
        answer.lagOps(),
        answer.lagMillis());
  }
}
