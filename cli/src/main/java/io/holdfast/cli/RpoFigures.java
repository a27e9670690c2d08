package io.holdfast.cli;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What would be lost with all nodes, by repository of backups, as a node's metrics tell. */
final class RpoFigures {
  private static final Pattern LINE =
      Pattern.compile(
          "^holdfast_backup_rpo_seconds\\{repository=\"([^\"]*)\"} (-?[0-9.]+(?:E-?[0-9]+)?)$",
          Pattern.MULTILINE);

  private RpoFigures() {}

  /** In seconds; -1 where the node does not know. */
  static Map<String, Double> parse(String prometheus) {
    Map<String, Double> seconds = new TreeMap<>();
    Matcher line = LINE.matcher(prometheus);
    while (line.find()) {
      seconds.put(line.group(1), Double.parseDouble(line.group(2)));
    }
    return seconds;
  }
}
