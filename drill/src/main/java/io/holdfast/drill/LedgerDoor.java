package io.holdfast.drill;

import io.holdfast.client.LedgerAccess;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.client.LedgerAccess.TransferWithDetails;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Pays through the Java client, or anything else that gives access to a ledger. */
public final class LedgerDoor implements PaymentDoor {
  /** How much longer than its deadline the access may take before it is at fault. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final LedgerAccess access;
  private final Runnable onClose;

  /**
   * @param onClose closes the access when the door is closed
   */
  public LedgerDoor(LedgerAccess access, Runnable onClose) {
    this.access = access;
    this.onClose = onClose;
  }

  @Override
  public Told pay(int client, List<Transfer> request, Duration deadline) {
    try {
      return new Told.Answered(
          await(access.submit(Request.ofTransfers(request), deadline), deadline.plus(GRACE)));
    } catch (HoldfastException e) {
      return switch (e.code()) {
        case "no-leader", "overloaded" -> new Told.NotTaken(e.code());
        default -> new Told.Unknown(e.code());
      };
    }
  }

  @Override
  public List<Transfer> lookUp(int client, List<UInt128> ids, Duration deadline) {
    return await(access.transfers(ids, Consistency.LINEARIZABLE), deadline).value().stream()
        .map(TransferWithDetails::transfer)
        .toList();
  }

  @Override
  public void close() {
    onClose.run();
  }

  static <T> T await(CompletableFuture<T> future, Duration within) {
    try {
      return future.get(within.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      future.cancel(true);
      throw new HoldfastException("outcome-unknown", "no answer within " + within, "", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException("outcome-unknown", "interrupted while waiting", "", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HoldfastException coded) {
        throw coded;
      }
      throw new HoldfastException(
          "outcome-unknown", "the access failed: " + e.getCause(), "", e);
    }
  }
}
