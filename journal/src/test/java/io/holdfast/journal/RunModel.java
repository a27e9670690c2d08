package io.holdfast.journal;

import io.holdfast.kernel.UInt128;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a run should know, kept as plain lists and answered by looking at all of them; made up by a
 * seed. It judges nothing: what it says of payments need not make sense, only be there.
 */
final class RunModel {
  static final UInt128 LEDGER_ID = new UInt128(7, 9);
  static final int HOT_ACCOUNT = 3;
  private static final BigInteger LIMIT = BigInteger.ONE.shiftLeft(128);

  record Op(long op, long segment, long offset, long time, int movements, long firstMovement) {}

  record Id(UInt128 id, long address) {}

  record Posting(
      int account, long address, boolean credit, int kind, UInt128 amount, UInt128 released) {}

  private record Pending(UInt128 id, int debit, int credit, UInt128 amount) {}

  final List<Op> ops = new ArrayList<>();
  final List<Id> ids = new ArrayList<>();
  final List<Posting> postings = new ArrayList<>();
  private final List<Pending> pending = new ArrayList<>();
  private final Random random;
  private final boolean timeOrdered;
  private final int accounts;
  private long time = 1_800_000_000_000_000_000L;
  private long lastId = 1L << 40;

  /** Ops 1 to {@code ops} with up to so many events each. */
  RunModel(long seed, int ops, int eventsMax) {
    this.random = new Random(seed * 0x9E37_79B9_7F4A_7C15L);
    this.timeOrdered = random.nextBoolean();
    this.accounts = 10 + random.nextInt(400);
    long segment = 1;
    long offset = 128;
    long movement = 0;
    for (long op = 1; op <= ops; op++) {
      if (op > 1 && random.nextInt(20) == 0) {
        segment = op;
        offset = 128;
      }
      time += 1 + random.nextInt(1_000_000);
      long first = time;
      int movements = random.nextInt(8) == 0 ? 0 : events(op, random.nextInt(eventsMax + 1));
      this.ops.add(new Op(op, segment, offset, movements == 0 ? 0 : first, movements, movement));
      movement += movements;
      offset += 1 + random.nextInt(random.nextInt(50) == 0 ? 1 << 30 : 100_000);
      offset = Math.min(offset, (1L << 32) - 1);
    }
  }

  private int events(long op, int events) {
    int movements = 0;
    boolean pulse = random.nextInt(10) == 0;
    for (int event = 0; event < events; event++) {
      if (pulse) {
        if (pending.isEmpty()) {
          break;
        }
        Pending expired = pending.remove(random.nextInt(pending.size()));
        long address = Address.of(op, event, Address.EXPIRED);
        ids.add(new Id(expired.id, address));
        post(expired, address, PostingKind.EXPIRE, expired.amount);
      } else if (random.nextInt(10) == 0) {
        ids.add(new Id(newId(), Address.of(op, event, Address.FAILED)));
        continue;
      } else {
        created(op, event);
      }
      movements++;
    }
    time += movements;
    return movements;
  }

  private void created(long op, int event) {
    UInt128 id = newId();
    long address = Address.of(op, event, Address.CREATED);
    ids.add(new Id(id, address));
    int choice = random.nextInt(10);
    if (choice < 3 && !pending.isEmpty()) {
      Pending resolved = pending.remove(random.nextInt(pending.size()));
      boolean post = choice < 2;
      ids.add(new Id(resolved.id, Address.of(op, event, post ? Address.POSTED : Address.VOIDED)));
      UInt128 amount =
          post && random.nextBoolean()
              ? UInt128.of(resolved.amount.toBigInteger().shiftRight(1))
              : resolved.amount;
      post(resolved, address, post ? PostingKind.POST : PostingKind.VOID, amount);
      return;
    }
    Pending payment = new Pending(id, account(), account(), amount());
    boolean reserve = choice < 6;
    if (reserve) {
      pending.add(payment);
    }
    post(payment, address, reserve ? PostingKind.RESERVE : PostingKind.PAYMENT, payment.amount);
  }

  private void post(Pending of, long address, int kind, UInt128 amount) {
    boolean plain = kind == PostingKind.PAYMENT || kind == PostingKind.RESERVE;
    UInt128 released = plain ? UInt128.ZERO : of.amount;
    postings.add(new Posting(of.debit, address, false, kind, amount, released));
    postings.add(new Posting(of.credit, address, true, kind, amount, released));
  }

  private UInt128 newId() {
    if (timeOrdered) {
      lastId += 1 + random.nextInt(1000);
      return new UInt128(lastId >>> 16, lastId);
    }
    return random.nextInt(20) == 0
        ? UInt128.of(++lastId)
        : new UInt128(random.nextLong(), random.nextLong());
  }

  private int account() {
    return random.nextInt(3) == 0 ? HOT_ACCOUNT : random.nextInt(accounts) * random.nextInt(1000);
  }

  private UInt128 amount() {
    return switch (random.nextInt(8)) {
      case 0 -> new UInt128(random.nextLong(), random.nextLong());
      case 1 -> new UInt128(0, random.nextLong());
      case 2 -> UInt128.MAX;
      default -> UInt128.of(random.nextInt(100_000));
    };
  }

  /** Gives a builder the ops of a range. */
  void give(RunBuilder builder, long firstOp, long lastOp) {
    builder.begin(firstOp, ops.get((int) firstOp - 1).firstMovement);
    for (Op op : ops.subList((int) firstOp - 1, (int) lastOp)) {
      builder.op(op.op, op.segment, op.offset, op.time, op.movements);
    }
    for (Id id : ids(firstOp, lastOp)) {
      builder.id(id.id.hi(), id.id.lo(), id.address);
    }
    for (Posting of : postings(firstOp, lastOp)) {
      builder.posting(
          of.account,
          of.address,
          of.credit,
          of.kind,
          of.amount.hi(),
          of.amount.lo(),
          of.kind == PostingKind.POST ? of.released.hi() : 0,
          of.kind == PostingKind.POST ? of.released.lo() : 0);
    }
  }

  List<Id> ids(long firstOp, long lastOp) {
    return ids.stream().filter(id -> isIn(id.address, firstOp, lastOp)).toList();
  }

  List<Posting> postings(long firstOp, long lastOp) {
    return postings.stream().filter(of -> isIn(of.address, firstOp, lastOp)).toList();
  }

  private static boolean isIn(long address, long firstOp, long lastOp) {
    return Address.op(address) >= firstOp && Address.op(address) <= lastOp;
  }

  /** The four sums over some postings, as {@link Sums} lays them out. */
  static long[] sums(List<Posting> postings) {
    BigInteger[] sums = {BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO};
    for (Posting of : postings) {
      int pending = of.credit ? 2 : 0;
      BigInteger amount = of.amount.toBigInteger();
      BigInteger released = of.released.toBigInteger();
      sums[pending] = sums[pending].subtract(released);
      if (of.kind == PostingKind.PAYMENT || of.kind == PostingKind.POST) {
        sums[pending + 1] = sums[pending + 1].add(amount);
      } else if (of.kind == PostingKind.RESERVE) {
        sums[pending] = sums[pending].add(amount);
      }
    }
    long[] halves = new long[8];
    for (int i = 0; i < 4; i++) {
      UInt128 sum = UInt128.of(sums[i].mod(LIMIT));
      halves[2 * i] = sum.hi();
      halves[2 * i + 1] = sum.lo();
    }
    return halves;
  }
}
