package io.holdfast.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.AccountFilter;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.Records128;
import io.holdfast.ledger.TransferFilter;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Puts questions into calls: paths, parameters and bodies of the public API. */
final class ReadCalls {
  private static final int ID_BYTES = 16;

  private ReadCalls() {}

  /**
   * @param resource {@code accounts} or {@code transfers}
   */
  static Call lookupJson(String resource, List<UInt128> ids, Consistency consistency) {
    check(ids);
    StringBuilder body = new StringBuilder(16 + 36 * ids.size()).append("{\"ids\":[");
    for (int i = 0; i < ids.size(); i++) {
      body.append(i == 0 ? "\"" : ",\"").append(ids.get(i).toId()).append('"');
    }
    return Call.read(
        lookupPath(resource, consistency),
        Transport.JSON,
        body.append("]}").toString().getBytes(UTF_8));
  }

  /** As {@link #lookupJson}, in the binary form, whose answer has no details. */
  static Call lookupBinary(String resource, List<UInt128> ids, Consistency consistency) {
    check(ids);
    byte[] body = new byte[ID_BYTES * ids.size()];
    MemorySegment to = MemorySegment.ofArray(body);
    for (int i = 0; i < ids.size(); i++) {
      Records128.write(ids.get(i), to, (long) i * ID_BYTES);
    }
    return Call.read(lookupPath(resource, consistency), Transport.BATCH, body);
  }

  static Call accounts(AccountFilter filter, Consistency consistency) {
    Parameters parameters = new Parameters(consistency);
    parameters.addTimes(filter.fromNanos(), filter.toNanos());
    parameters.addUnsigned("ledger", filter.ledger());
    parameters.addUnsigned("code", filter.code());
    parameters.addUserData(filter.userData128(), filter.userData64(), filter.userData32());
    parameters.addOrder(filter.newestFirst());
    parameters.addPage(filter.limit(), filter.after());
    return Call.get("/v1/accounts" + parameters);
  }

  static Call transfers(TransferFilter filter, Consistency consistency) {
    Parameters parameters = new Parameters(consistency);
    parameters.addTimes(filter.fromNanos(), filter.toNanos());
    parameters.addUnsigned("ledger", filter.ledger());
    parameters.addUnsigned("code", filter.code());
    parameters.addUserData(filter.userData128(), filter.userData64(), filter.userData32());
    parameters.addOrder(filter.newestFirst());
    parameters.addPage(filter.limit(), filter.after());
    return Call.get("/v1/transfers" + parameters);
  }

  static Call balanceAt(UInt128 accountId, long timestamp, Consistency consistency) {
    Parameters parameters = new Parameters(consistency);
    if (timestamp != Long.MAX_VALUE) {
      parameters.add("at", Long.toString(timestamp));
    }
    return Call.get("/v1/accounts/" + accountId.toId() + "/balance" + parameters);
  }

  static Call holds(UInt128 accountId, int limit, long after, Consistency consistency) {
    Parameters parameters = new Parameters(consistency);
    parameters.addPage(limit, after);
    return Call.get("/v1/accounts/" + accountId.toId() + "/holds" + parameters);
  }

  /**
   * @param rows {@code transfers} or {@code balances}
   */
  static Call history(
      String rows, UInt128 accountId, HistoryFilter filter, Consistency consistency) {
    Parameters parameters = new Parameters(consistency);
    parameters.addTimes(filter.fromNanos(), filter.toNanos());
    if (filter.side() != null) {
      parameters.add("side", filter.side().name().toLowerCase(Locale.ROOT));
    }
    parameters.addUnsigned("code", filter.code());
    parameters.addUserData(filter.userData128(), filter.userData64(), filter.userData32());
    parameters.addOrder(filter.newestFirst());
    parameters.addPage(filter.limit(), filter.after());
    return Call.get("/v1/accounts/" + accountId.toId() + "/" + rows + parameters);
  }

  private static String lookupPath(String resource, Consistency consistency) {
    return "/v1/" + resource + "/lookup" + new Parameters(consistency);
  }

  private static void check(List<UInt128> ids) {
    if (ids.size() > Limits.LOOKUP_IDS_MAX) {
      throw new HoldfastException(
          "request-too-large",
          "the look-up has " + ids.size() + " ids, allowed are " + Limits.LOOKUP_IDS_MAX,
          "ask for fewer at once");
    }
  }

  /** Query parameters; all values are digits or words that need no escaping. */
  private static final class Parameters {
    private final StringBuilder text = new StringBuilder();

    Parameters(Consistency consistency) {
      if (consistency == Consistency.STALE_OK) {
        add("consistency", "stale-ok");
      }
    }

    void add(String name, String value) {
      text.append(text.isEmpty() ? '?' : '&').append(name).append('=').append(value);
    }

    void addUnsigned(String name, @Nullable Integer value) {
      if (value != null) {
        add(name, Integer.toUnsignedString(value));
      }
    }

    void addUserData(@Nullable UInt128 of128, @Nullable Long of64, @Nullable Integer of32) {
      if (of128 != null) {
        add("user_data_128", of128.toString());
      }
      if (of64 != null) {
        add("user_data_64", Long.toUnsignedString(of64));
      }
      addUnsigned("user_data_32", of32);
    }

    void addTimes(long fromNanos, long toNanos) {
      if (fromNanos != 0) {
        add("from", Long.toUnsignedString(fromNanos));
      }
      if (toNanos != Long.MAX_VALUE) {
        add("to", Long.toUnsignedString(toNanos));
      }
    }

    void addOrder(boolean newestFirst) {
      add("order", newestFirst ? "newest" : "oldest");
    }

    void addPage(int limit, long after) {
      add("limit", Integer.toString(limit));
      if (after != 0) {
        add("after", Long.toString(after));
      }
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
