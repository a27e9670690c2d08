package io.holdfast.cli;

import java.util.Collection;
import java.util.Optional;

/** Finds the word that a misspelt one was probably meant to be. */
final class Nearest {
  private Nearest() {}

  /** The candidate with the fewest edits, if they are few for a word of this length. */
  static Optional<String> to(String word, Collection<String> candidates) {
    String best = null;
    int bestEdits = Math.max(1, word.length() / 3) + 1;
    for (String candidate : candidates) {
      int edits = edits(word, candidate);
      if (edits < bestEdits) {
        bestEdits = edits;
        best = candidate;
      }
    }
    return Optional.ofNullable(best);
  }

  /** A hint for an error; empty when nothing is near. */
  static String hint(String word, Collection<String> candidates) {
    return to(word, candidates).map(near -> "did you mean '" + near + "'?").orElse("");
  }

  /** Damerau-Levenshtein distance, optimal string alignment. */
  private static int edits(String from, String to) {
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      cost[i][0] = i;
    }
    for (int j = 0; j <= to.length(); j++) {
      cost[0][j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      for (int j = 1; j <= to.length(); j++) {
        int replace = cost[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replace, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && from.charAt(i - 1) == to.charAt(j - 2)
                && from.charAt(i - 2) == to.charAt(j - 1);
        cost[i][j] = swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
      }
    }
    return cost[from.length()][to.length()];
  }
}
