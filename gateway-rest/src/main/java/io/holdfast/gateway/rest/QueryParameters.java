package io.holdfast.gateway.rest;

import io.helidon.common.uri.UriQuery;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The query of an address, each parameter checked by name: unknown or doubled ones are refused. */
final class QueryParameters {
  static final int LIMIT_DEFAULT = 100;

  private final UriQuery query;

  /**
   * @param allowed the names that the path takes
   */
  QueryParameters(UriQuery query, Set<String> allowed) {
    this.query = query;
    if (query.isEmpty()) {
      return;
    }
    for (String name : query.names()) {
      if (!allowed.contains(name)) {
        throw Refusal.parameter(
            name,
            ErrorCode.UNKNOWN_PARAMETER,
            "the query has the unknown parameter "
                + Shown.value(name)
                + "; allowed: "
                + String.join(", ", allowed.stream().sorted().toList()),
            Shown.suggestion(name, allowed, "remove it"));
      }
      if (query.all(name).size() > 1) {
        throw Refusal.parameter(
            name,
            ErrorCode.DUPLICATE_PARAMETER,
            "the query has '" + name + "' " + query.all(name).size() + " times; allowed: once",
            "");
      }
    }
  }

  Consistency consistency() {
    return word("consistency", List.of("linearizable", "stale-ok"), 0) == 0
        ? Consistency.LINEARIZABLE
        : Consistency.STALE_OK;
  }

  boolean newestFirst(boolean otherwise) {
    return word("order", List.of("newest", "oldest"), otherwise ? 0 : 1) == 0;
  }

  int limit() {
    Long limit = number("limit", 1, Limits.PAGE_ROWS_MAX);
    return limit == null ? LIMIT_DEFAULT : limit.intValue();
  }

  /** A timestamp or continuation: below 2^63. */
  long nanos(String name, long otherwise) {
    Long value = number(name, 0, Long.MAX_VALUE);
    return value == null ? otherwise : value;
  }

  /** An unsigned 16-bit number. */
  @Nullable Integer number16(String name) {
    Long value = number(name, 0, 0xFFFF);
    return value == null ? null : value.intValue();
  }

  /** An unsigned 32-bit number, in the bits of an int. */
  @Nullable Integer number32(String name) {
    Long value = number(name, 0, 0xFFFF_FFFFL);
    return value == null ? null : value.intValue();
  }

  /** An unsigned 64-bit number, in the bits of a long. */
  @Nullable Long number64(String name) {
    String text = text(name);
    return text == null
        ? null
        : decimal(name, text, BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE)).longValue();
  }

  @Nullable UInt128 number128(String name) {
    String text = text(name);
    return text == null ? null : UInt128.of(decimal(name, text, UInt128.MAX.toBigInteger()));
  }

  /** Which of the words is given, by its place in the list. */
  int word(String name, List<String> words, int otherwise) {
    String text = text(name);
    if (text == null) {
      return otherwise;
    }
    int place = words.indexOf(text);
    if (place < 0) {
      throw Refusal.parameter(
          name,
          ErrorCode.UNKNOWN_VALUE,
          name + " is " + Shown.value(text) + "; allowed: " + String.join(", ", words),
          Shown.suggestion(text, words, ""));
    }
    return place;
  }

  private @Nullable Long number(String name, long min, long max) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    BigInteger value = decimal(name, text, BigInteger.valueOf(max));
    if (value.compareTo(BigInteger.valueOf(min)) < 0) {
      throw refused(name, text, ErrorCode.OUT_OF_RANGE, min + " to " + max);
    }
    return value.longValue();
  }

  private static BigInteger decimal(String name, String text, BigInteger max) {
    String allowed = "decimal digits, at most " + max;
    if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw refused(name, text, ErrorCode.MALFORMED_NUMBER, allowed);
    }
    BigInteger value = text.length() > 40 ? max.add(BigInteger.ONE) : new BigInteger(text);
    if (value.compareTo(max) > 0) {
      throw refused(name, text, ErrorCode.OUT_OF_RANGE, allowed);
    }
    return value;
  }

  private @Nullable String text(String name) {
    return query.contains(name) ? query.get(name) : null;
  }

  private static HoldfastException refused(
      String name, String text, ErrorCode code, String allowed) {
    return Refusal.parameter(
        name, code, name + " is " + Shown.value(text) + "; allowed: " + allowed, "");
  }
}
