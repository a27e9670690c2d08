package io.holdfast.drill;

import com.fasterxml.jackson.core.JacksonException;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code site.json} in the directory of a local site says: which nodes there are, where they
 * listen, and which processes they were when last started.
 */
public record SiteDescriptor(List<Entry> nodes) {
  private static final String FILE = "site.json";

  public SiteDescriptor {
    nodes = List.copyOf(nodes);
  }

  /**
   * One node.
   *
   * @param pid its process; null when it was stopped in good order
   * @param startTicks tells the process from a later one with the same pid
   */
  public record Entry(
      String node,
      int peerPort,
      int restPort,
      int adminPort,
      @Nullable Long pid,
      @Nullable Long startTicks) {
    NodeAddress address() {
      return new NodeAddress(node, peerPort, restPort, adminPort);
    }

    @Nullable ProcessIdentity identity(Path configuration) {
      return pid == null || startTicks == null
          ? null
          : new ProcessIdentity(pid, startTicks, configuration.toString());
    }
  }

  public static boolean existsIn(Path directory) {
    return Files.exists(directory.resolve(FILE));
  }

  /** Code {@code no-site} when there is none, {@code site-file-damaged} when it cannot be read. */
  public static SiteDescriptor read(Path directory) {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      throw new HoldfastException(
          "no-site",
          "there is no local site in " + directory.toAbsolutePath(),
          "start one with: holdfast up --dir " + directory);
    }
    try {
      return Json.MAPPER.readValue(file.toFile(), SiteDescriptor.class);
    } catch (JacksonException e) {
      throw damaged(file, e);
    } catch (IOException e) {
      throw damaged(file, e);
    }
  }

  void write(Path directory) {
    try {
      SystemDisk.INSTANCE.writeDurably(
          directory.resolve(FILE), Json.MAPPER.writeValueAsBytes(this));
    } catch (IOException e) {
      throw new HoldfastException(
          "directory-not-writable", "cannot write " + directory.resolve(FILE), "", e);
    }
  }

  private static HoldfastException damaged(Path file, IOException cause) {
    return new HoldfastException(
        "site-file-damaged",
        file + " cannot be read: " + cause.getMessage(),
        "see which processes run with: ps -ef | grep holdfast, then remove the file",
        cause);
  }
}
