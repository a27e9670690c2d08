package io.holdfast.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuideTest {
  private static final Path GUIDE = Path.of("..", "docs", "guide", "java-client.md");

  @TempDir Path directory;

  @Test
  void the_example_in_the_guide_compiles() throws IOException {
    String guide = Files.readString(GUIDE);
    int begin = guide.indexOf("```java\n") + "```java\n".length();
    Path source = directory.resolve("FirstPayment.java");
    Files.writeString(source, guide.substring(begin, guide.indexOf("```", begin)));
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      StringWriter output = new StringWriter();
      boolean compiled =
          compiler
              .getTask(
                  output,
                  files,
                  null,
                  List.of("-d", directory.toString(), "-cp", classPath),
                  null,
                  files.getJavaFileObjects(source))
              .call();
      assertThat(compiled).as(output.toString()).isTrue();
    }
  }
}
