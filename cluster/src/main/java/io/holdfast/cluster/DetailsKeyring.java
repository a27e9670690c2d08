package io.holdfast.cluster;

import io.holdfast.journal.DetailsKey;
import io.holdfast.journal.DetailsKeys;
import io.holdfast.ledger.DetailsKeyName;
import io.holdfast.ledger.DetailsPeriod;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that the key that new details are sealed under is on disk on a majority before it is
 * used, and that this node comes to hold the keys that it lacks. Keys never pass through the log,
 * which would keep them. Safe for use by many threads.
 */
final class DetailsKeyring {
  /** After a key did not reach a majority, the next try waits this long. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final DetailsKeys keys;
  private final Supplier<List<String>> others;
  private final BiFunction<String, KeyExchange, CompletableFuture<KeyExchange>> call;
  private final PeriodLength length;
  private final LongSupplier now;
  private final Runnable changed;
  private final Fatal fatal;
  private final Set<DetailsKeyName> retired = new HashSet<>(); // guarded by this, as all below
  private @Nullable DetailsKey current;
  private boolean making;
  private long pausedSince;

  /**
   * @param others the other nodes of the site
   * @param call asks one of them
   * @param now the site's time
   * @param changed is run when a key may have become ready
   */
  DetailsKeyring(
      DetailsKeys keys,
      Supplier<List<String>> others,
      BiFunction<String, KeyExchange, CompletableFuture<KeyExchange>> call,
      PeriodLength length,
      LongSupplier now,
      Runnable changed,
      Fatal fatal) {
    this.keys = keys;
    this.others = others;
    this.call = call;
    this.length = length;
    this.now = now;
    this.changed = changed;
    this.fatal = fatal;
    this.pausedSince = System.nanoTime() - PAUSE_NANOS;
  }

  /** The key for details that come now; null while it is on its way to a majority. */
  synchronized @Nullable DetailsKey ready() {
    DetailsPeriod period = length.of(now.getAsLong());
    DetailsKey key = current;
    if (key != null && key.name().period().equals(period) && !keys.isDestroyed(key.name())) {
      return key;
    }
    if (!making && System.nanoTime() - pausedSince >= PAUSE_NANOS) {
      making = true;
      Thread.startVirtualThread(() -> fatal.guard("key of details", () -> make(period)));
    }
    return null;
  }

  /**
   * The destruction of a period is about to enter the log: what comes after it is sealed under a
   * key that is not known yet, for it must not be erased with the rest.
   */
  synchronized void retire(DetailsPeriod period) {
    for (DetailsKeyName name : keys.names()) {
      if (period.contains(name.period())) {
        retired.add(name);
      }
    }
    if (current != null && retired.contains(current.name())) {
      current = null;
    }
  }

  private void make(DetailsPeriod period) {
    boolean confirmed = false;
    DetailsKey key = null;
    try {
      key = usable(period);
      if (key == null) {
        key = DetailsKey.create(period);
      }
      confirmed = keys.add(key) && isOnMajority(key);
    } finally {
      made(confirmed ? key : null);
    }
    changed.run();
  }

  private synchronized void made(@Nullable DetailsKey key) {
    making = false;
    if (key == null) {
      pausedSince = System.nanoTime();
    } else if (!retired.contains(key.name())) {
      current = key;
    }
  }

  /** A key of this period that is here already, of an earlier leader or an earlier boot. */
  private synchronized @Nullable DetailsKey usable(DetailsPeriod period) {
    return keys.names().stream()
        .filter(name -> name.period().equals(period) && !retired.contains(name))
        .min(Comparator.comparingLong(DetailsKeyName::fingerprint))
        .map(keys::find)
        .orElse(null);
  }

  private boolean isOnMajority(DetailsKey key) {
    List<String> nodes = others.get();
    int majority = (nodes.size() + 1) / 2 + 1;
    AtomicInteger have = new AtomicInteger(1);
    AtomicInteger left = new AtomicInteger(nodes.size());
    CompletableFuture<Boolean> decided = new CompletableFuture<>();
    if (have.get() >= majority) {
      return true;
    }
    for (String other : nodes) {
      call.apply(other, KeyExchange.offer(key))
          .whenComplete(
              (answer, failure) -> {
                boolean keeps = failure == null && answer.names().contains(key.name());
                if (keeps && have.incrementAndGet() >= majority) {
                  decided.complete(true);
                }
                if (left.decrementAndGet() == 0) {
                  decided.complete(false);
                }
              });
    }
    return decided.join();
  }

  /** Keeps what another node offers, and gives it what it asks for. */
  KeyExchange answer(KeyExchange asked) {
    asked.keys().forEach(keys::add);
    List<DetailsKey> given = new ArrayList<>();
    for (DetailsKeyName name : asked.names()) {
      DetailsKey key = keys.find(name);
      if (key != null) {
        given.add(key);
      }
    }
    return new KeyExchange(given, keys.names());
  }

  /** Erases what history says is destroyed, and asks the others for what this node lacks. */
  void settle() {
    keys.settle();
    Set<DetailsKeyName> missing = keys.missing();
    if (!missing.isEmpty()) {
      var _ = ask(missing);
    }
  }

  /** Asks the others for a key and waits for what they say. */
  void fetch(DetailsKeyName name) {
    ask(Set.of(name)).join();
  }

  /** Takes in what the others have of these keys; completes when all have answered or failed. */
  private CompletableFuture<Void> ask(Set<DetailsKeyName> missing) {
    List<CompletableFuture<Boolean>> asked = new ArrayList<>();
    for (String other : others.get()) {
      asked.add(
          call.apply(other, KeyExchange.want(missing))
              .handle(
                  (answer, failure) -> {
                    if (failure == null) {
                      fatal.guard("key of details", () -> answer.keys().forEach(keys::add));
                    }
                    return failure == null;
                  }));
    }
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new));
  }

  /** The other nodes that hold one of these keys, or did not say in time. */
  List<String> holders(Set<DetailsKeyName> names) {
    List<CompletableFuture<Boolean>> held = new ArrayList<>();
    List<String> nodes = others.get();
    for (String other : nodes) {
      held.add(
          call.apply(other, KeyExchange.want(Set.of()))
              .handle(
                  (answer, failure) ->
                      failure != null || answer.names().stream().anyMatch(names::contains)));
    }
    List<String> holders = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      if (held.get(i).join()) {
        holders.add(nodes.get(i));
      }
    }
    return holders;
  }
}
