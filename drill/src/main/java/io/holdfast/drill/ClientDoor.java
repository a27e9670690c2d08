package io.holdfast.drill;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.Outcome;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Pays through the Java client: single payments singly, so that it collects them; chains whole. */
public final class ClientDoor implements PaymentDoor {
  /** How much longer than its deadline the client may take before it is at fault. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final HoldfastClient client;

  /**
   * @param client closed with the door
   */
  public ClientDoor(HoldfastClient client) {
    this.client = client;
  }

  @Override
  public Told pay(int payer, List<Transfer> request, Duration deadline) {
    try {
      if (request.size() == 1) {
        return told(await(client.transfer(request.getFirst()), deadline.plus(GRACE)));
      }
      return new Told.Answered(
          await(client.submit(Request.ofTransfers(request), deadline), deadline.plus(GRACE)));
    } catch (HoldfastException e) {
      return switch (e.code()) {
        case "no-leader", "overloaded", "unavailable" -> new Told.NotTaken(e.code());
        default -> new Told.Unknown(e.code());
      };
    }
  }

  private static Told told(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered answered ->
          judged(
              answered.op(),
              answered.existed() ? TransferStatus.EXISTS : TransferStatus.CREATED,
              null,
              answered.timestamp());
      case Outcome.Refused refused when refused.judged() ->
          judged(refused.op(), status(refused.code()), refused.originalCode(), 0);
      case Outcome.Refused refused -> new Told.NotTaken(refused.code());
      case Outcome.Unknown unknown -> new Told.Unknown("outcome-unknown");
    };
  }

  private static Told judged(
      long op, TransferStatus status, @Nullable String original, long timestamp) {
    ByteBuffer result = ByteBuffer.allocate(Reply.RESULT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    result.putLong(timestamp).putInt(status.code());
    result.putInt(original == null ? 0 : status(original).code());
    return new Told.Answered(new Reply(op, result.array()));
  }

  private static TransferStatus status(String label) {
    return TransferStatus.valueOf(label.toUpperCase(Locale.ROOT));
  }

  @Override
  public List<Transfer> lookUp(int payer, List<UInt128> ids, Duration deadline) {
    return await(client.transferRecords(ids, HoldfastClient.Consistency.LINEARIZABLE), deadline)
        .value();
  }

  @Override
  public void close() {
    client.close();
  }

  /** The future's value; its failure as the coded exception that it is. */
  static <T> T await(CompletableFuture<T> future, Duration within) {
    try {
      return future.get(within.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new HoldfastException("outcome-unknown", "no answer within " + within, "", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException("outcome-unknown", "interrupted while waiting", "", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HoldfastException coded) {
        throw coded;
      }
      throw new HoldfastException("outcome-unknown", "the client failed: " + e.getCause(), "", e);
    }
  }
}
