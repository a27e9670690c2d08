package io.holdfast.drill;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import io.holdfast.ledger.TransferStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Payments as the REST gateway takes them, and its answers. */
final class PaymentJson {
  private PaymentJson() {}

  /** The array of transfers; fields that are zero are left out. */
  static String write(List<Transfer> transfers) {
    StringBuilder json = new StringBuilder(transfers.size() * 256).append('[');
    for (Transfer transfer : transfers) {
      json.append(json.length() == 1 ? "" : ",").append("{\"id\":\"");
      json.append(transfer.id().toId()).append('"');
      number(json, "debit_account_id", transfer.debitAccountId(), true);
      number(json, "credit_account_id", transfer.creditAccountId(), true);
      number(json, "amount", transfer.amount(), false);
      number(json, "pending_id", transfer.pendingId(), true);
      number(json, "user_data_128", transfer.userData128(), true);
      if (transfer.userData64() != 0) {
        json.append(",\"user_data_64\":\"");
        json.append(Long.toUnsignedString(transfer.userData64())).append('"');
      }
      small(json, "user_data_32", Integer.toUnsignedLong(transfer.userData32()));
      small(json, "timeout", Integer.toUnsignedLong(transfer.timeout()));
      small(json, "ledger", Integer.toUnsignedLong(transfer.ledger()));
      small(json, "code", transfer.code());
      if (transfer.flags() != 0) {
        json.append(",\"flags\":[\"");
        json.append(String.join("\",\"", flagNames(transfer.flags()))).append("\"]");
      }
      json.append('}');
    }
    return json.append(']').toString();
  }

  /** Reads the answer back into the form that the binary one has. */
  static Reply readReply(byte[] body, int events) throws IOException {
    JsonNode answer = Json.MAPPER.readTree(body);
    JsonNode results = answer.path("results");
    if (results.size() != events) {
      throw new HoldfastException(
          "malformed-reply",
          "an answer has " + results.size() + " results for " + events + " events",
          "");
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(events * Reply.RESULT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (JsonNode result : results) {
      bytes.putLong(Long.parseUnsignedLong(result.path("timestamp").asText("0")));
      bytes.putInt(status(result.path("status").asText()));
      String original = result.path("original_status").asText("");
      bytes.putInt(original.isEmpty() ? 0 : status(original));
    }
    return new Reply(answer.path("op").asLong(), bytes.array());
  }

  /** The stable code of a problem document; {@code outcome-unknown} if it is none. */
  static String problemCode(byte[] body) {
    try {
      return Json.MAPPER.readTree(body).path("code").asText("outcome-unknown");
    } catch (IOException e) {
      return "outcome-unknown";
    }
  }

  private static int status(String label) {
    return TransferStatus.valueOf(label.toUpperCase(Locale.ROOT)).code();
  }

  private static void number(StringBuilder json, String field, UInt128 value, boolean id) {
    if (!value.isZero()) {
      json.append(",\"").append(field).append("\":\"");
      json.append(id && !field.startsWith("user") ? value.toId() : value.toString()).append('"');
    }
  }

  private static void small(StringBuilder json, String field, long value) {
    if (value != 0) {
      json.append(",\"").append(field).append("\":").append(value);
    }
  }

  private static List<String> flagNames(int flags) {
    String[] names = {
      "linked",
      "pending",
      "post_pending_transfer",
      "void_pending_transfer",
      "balancing_debit",
      "balancing_credit",
      "closing_debit",
      "closing_credit",
      "imported"
    };
    List<String> set = new ArrayList<>();
    for (int bit = 0; bit < names.length; bit++) {
      if ((flags & 1 << bit) != 0) {
        set.add(names[bit]);
      }
    }
    if ((flags & ~TransferFlags.KNOWN) != 0) {
      throw new IllegalArgumentException("flags without a name: " + flags);
    }
    return set;
  }
}
