package io.holdfast.cluster;

import io.holdfast.cluster.RemoteSubmission.Outcome;
import io.holdfast.cluster.Waiting.Origin;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What nodes of a site say to each other beside consensus, as bytes. Little-endian.
 *
 * <pre>
 * submit  : patience ms (4), count (4), each: boot (8), sequence (8), length (4), request
 * outcomes: count (4), each: kind (1) 0 answered 1 not leader 2 overloaded 3 unknown;
 *           if answered: op (8), length (4), results
 * hello   : version (2), 1 fresh + 2 takes part (1), boot (8), wall clock ns (8), op (8), then three texts, each length (4) and
 *           ASCII: ledger id, data key id, role; then length (4) and lineage; then count (4) of roots, each: op (8),
 *           root of the checkpoint at it (32); then count (4) of what it declines, each: length (4) and ASCII
 * </pre>
 *
 * See docs/formats/peer-messages.md.
 */
final class PeerMessages {
  static final short VERSION = 5;

  private static final byte FRESH = 1;
  private static final byte TAKES_PART = 2;
  private static final int ROOT_BYTES = 32;

  /** More than any node says: a hello stays small. */
  private static final int ROOTS_MAX = 64;

  /** As many repositories as anybody would configure. */
  private static final int DECLINED_MAX = 64;

  private PeerMessages() {}

  /** Requests that another node collected. */
  record Submit(int patienceMillis, List<Entry> entries) {
    record Entry(Origin origin, Request request) {}
  }

  /**
   * Who a node is, what it holds and what time it has.
   *
   * @param fresh whether its directory had never been started before this boot
   * @param takesPart whether it has on disk that it takes part in consensus
   * @param roots of its last checkpoints, in hex, by op
   * @param declined names of what it leaves to others to do for the site, for it can't
   */
  record Hello(
      String ledgerId,
      String dataKeyId,
      long boot,
      boolean fresh,
      boolean takesPart,
      long wallNanos,
      long op,
      String role,
      Lineage lineage,
      SortedMap<Long, String> roots,
      List<String> declined) {
    Hello {
      declined = declined.stream().limit(DECLINED_MAX).toList();
    }
  }

  static byte[] encodeSubmit(int patienceMillis, List<Waiting> requests) {
    int size = 8;
    for (Waiting waiting : requests) {
      size += 20 + waiting.request().sizeBytes();
    }
    byte[] bytes = new byte[size];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(patienceMillis).putInt(requests.size());
    for (Waiting waiting : requests) {
      out.putLong(waiting.origin().boot()).putLong(waiting.origin().sequence());
      out.putInt(waiting.request().sizeBytes()).put(waiting.request().bytes());
    }
    return bytes;
  }

  static Submit decodeSubmit(byte[] bytes) {
    return decode(
        "submit",
        () -> {
          ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
          int patience = in.getInt();
          int count = in.getInt();
          List<Submit.Entry> entries = new ArrayList<>(Math.clamp(count, 0, 8_192));
          for (int i = 0; i < count; i++) {
            Origin origin = new Origin(in.getLong(), in.getLong());
            entries.add(new Submit.Entry(origin, Request.parseOfNode(block(in))));
          }
          return new Submit(patience, entries);
        });
  }

  static byte[] encodeOutcomes(List<Outcome> outcomes) {
    int size = 4;
    for (Outcome outcome : outcomes) {
      size += outcome instanceof Outcome.Answered a ? 13 + a.reply().results().length : 1;
    }
    byte[] bytes = new byte[size];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(outcomes.size());
    for (Outcome outcome : outcomes) {
      switch (outcome) {
        case Outcome.Answered(Reply reply) ->
            out.put((byte) 0)
                .putLong(reply.op())
                .putInt(reply.results().length)
                .put(reply.results());
        case Outcome.NotLeader _ -> out.put((byte) 1);
        case Outcome.Overloaded _ -> out.put((byte) 2);
        case Outcome.Unknown _ -> out.put((byte) 3);
      }
    }
    return bytes;
  }

  static List<Outcome> decodeOutcomes(byte[] bytes) {
    return decode(
        "outcomes",
        () -> {
          ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
          int count = in.getInt();
          List<Outcome> outcomes = new ArrayList<>(Math.clamp(count, 0, 8_192));
          for (int i = 0; i < count; i++) {
            outcomes.add(
                switch (in.get()) {
                  case 0 -> new Outcome.Answered(new Reply(in.getLong(), block(in)));
                  case 1 -> new Outcome.NotLeader();
                  case 2 -> new Outcome.Overloaded();
                  default -> new Outcome.Unknown();
                });
          }
          return outcomes;
        });
  }

  static byte[] encodeHello(Hello hello) {
    byte[] ledger = hello.ledgerId().getBytes(StandardCharsets.US_ASCII);
    byte[] key = hello.dataKeyId().getBytes(StandardCharsets.US_ASCII);
    byte[] role = hello.role().getBytes(StandardCharsets.US_ASCII);
    byte[] lineage = hello.lineage().encode();
    int texts = ledger.length + key.length + role.length;
    int roots = 4 + hello.roots().size() * (8 + ROOT_BYTES);
    List<byte[]> declined =
        hello.declined().stream().map(name -> name.getBytes(StandardCharsets.US_ASCII)).toList();
    int names = 4 + declined.stream().mapToInt(name -> 4 + name.length).sum();
    byte[] bytes = new byte[2 + 1 + 24 + 16 + texts + lineage.length + roots + names];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.putShort(VERSION)
        .put((byte) ((hello.fresh() ? FRESH : 0) | (hello.takesPart() ? TAKES_PART : 0)))
        .putLong(hello.boot())
        .putLong(hello.wallNanos())
        .putLong(hello.op());
    for (byte[] text : List.of(ledger, key, role, lineage)) {
      out.putInt(text.length).put(text);
    }
    out.putInt(hello.roots().size());
    hello.roots().forEach((op, root) -> out.putLong(op).put(HexFormat.of().parseHex(root)));
    out.putInt(declined.size());
    declined.forEach(name -> out.putInt(name.length).put(name));
    return bytes;
  }

  static Hello decodeHello(byte[] bytes) {
    return decode(
        "hello",
        () -> {
          ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
          short version = in.getShort();
          if (version != VERSION) {
            throw malformed("hello of version " + version);
          }
          byte flags = in.get();
          boolean fresh = (flags & FRESH) != 0;
          boolean takesPart = (flags & TAKES_PART) != 0;
          long boot = in.getLong();
          long wall = in.getLong();
          long op = in.getLong();
          String ledger = text(in);
          String key = text(in);
          String role = text(in);
          Lineage lineage = Lineage.parse(block(in));
          if (lineage == null) {
            throw malformed("hello whose lineage is not laid out as one");
          }
          SortedMap<Long, String> roots = roots(in);
          return new Hello(
              ledger, key, boot, fresh, takesPart, wall, op, role, lineage, roots, declined(in));
        });
  }

  private static List<String> declined(ByteBuffer in) {
    int count = in.getInt();
    if (count < 0 || count > DECLINED_MAX) {
      throw malformed("hello that declines " + count + " things");
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(text(in));
    }
    return names;
  }

  private static SortedMap<Long, String> roots(ByteBuffer in) {
    int count = in.getInt();
    if (count < 0 || count > ROOTS_MAX) {
      throw malformed("hello with " + count + " roots");
    }
    SortedMap<Long, String> roots = new TreeMap<>();
    byte[] root = new byte[ROOT_BYTES];
    for (int i = 0; i < count; i++) {
      long op = in.getLong();
      in.get(root);
      roots.put(op, HexFormat.of().formatHex(root));
    }
    return roots;
  }

  private static byte[] block(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw malformed("block of " + length + " bytes where " + in.remaining() + " are left");
    }
    byte[] block = new byte[length];
    in.get(block);
    return block;
  }

  static String text(ByteBuffer in) {
    return new String(block(in), StandardCharsets.US_ASCII);
  }

  static <T> T decode(String what, Supplier<T> body) {
    try {
      return body.get();
    } catch (BufferUnderflowException e) {
      throw malformed(what + " that ends too early");
    }
  }

  static HoldfastException malformed(String what) {
    return new HoldfastException(
        "malformed-peer-message",
        "another node sent a " + what,
        "all nodes of a site must run versions that know each other");
  }
}
