package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.node.StoppedNode;
import java.nio.file.Files;
import java.nio.file.Path;

/** The stopped node that {@code --offline} names. */
final class OfflineNode {
  private OfflineNode() {}

  /**
   * Takes its directory, so that nobody starts it meanwhile.
   *
   * @throws HoldfastException code {@code usage} where there is no node, and those of {@link
   *     StoppedNode#open}
   */
  static StoppedNode open(Path directory) {
    if (!Files.isRegularFile(directory.resolve("genesis.json"))) {
      throw new HoldfastException(
          "usage",
          Arguments.wrong(
                  "--offline", directory.toString(), "the directory of a node that is stopped")
              .message(),
          (Files.isDirectory(directory) ? "it has no genesis.json" : "it is no directory")
              + "; of a local site it is the directory that is named after the node, such as"
              + " holdfast-data/n1");
    }
    return StoppedNode.open(directory);
  }
}
