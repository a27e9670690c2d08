package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Something that writes itself as JSON. */
@FunctionalInterface
interface JsonBody {
  void write(JsonGenerator json) throws IOException;

  /** Prints it as a document, indented for people. */
  default void printTo(Console console) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = new JsonFactory().createGenerator(text)) {
      generator.useDefaultPrettyPrinter();
      write(generator);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    console.out().println(text);
  }
}
