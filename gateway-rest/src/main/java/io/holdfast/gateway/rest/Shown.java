package io.holdfast.gateway.rest;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** How values of a caller appear in messages: shortened, harmless, with the nearest known word. */
final class Shown {
  private static final int LENGTH_MAX = 40;

  private Shown() {}

  /** The value in quotes, cut after 40 characters, control characters replaced. */
  static String value(String value) {
    StringBuilder shown = new StringBuilder("'");
    int length = Math.min(value.length(), LENGTH_MAX);
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      shown.append(Character.isISOControl(c) ? '?' : c);
    }
    return shown.append(value.length() > LENGTH_MAX ? "…'" : "'").toString();
  }

  /** "did you mean 'x'?" if one of the words is near; else what {@code otherwise} says. */
  static String suggestion(String word, Collection<String> words, String otherwise) {
    String nearest = nearest(word, words);
    return nearest == null ? otherwise : "did you mean '" + nearest + "'?";
  }

  private static @Nullable String nearest(String word, Collection<String> words) {
    if (word.length() > LENGTH_MAX) {
      return null;
    }
    String plain = plain(word);
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String candidate : words) {
      int distance = distance(plain, plain(candidate));
      if (distance < bestDistance) {
        bestDistance = distance;
        best = candidate;
      }
    }
    return bestDistance <= Math.max(1, word.length() / 3) ? best : null;
  }

  /** Without case and separators, so that debitAccountId is at distance 0 of debit_account_id. */
  private static String plain(String word) {
    return word.replaceAll("[_\\- ]", "").toLowerCase(java.util.Locale.ROOT);
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int next = Math.min(Math.min(row[j], row[j - 1]) + 1, diagonal + cost);
        diagonal = row[j];
        row[j] = next;
      }
    }
    return row[b.length()];
  }
}
