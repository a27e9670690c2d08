package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.journal.SegmentPiece;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read ahead is what would be read one by one, whatever a listing says. */
class TailReaderTest {
  private static final UInt128 BRANCH = new UInt128(1, 2);
  private static final int TAILS = 200;

  private final AtomicLong millis = new AtomicLong(1_000);
  private final ShelfRepository shelf = new ShelfRepository(millis::get);
  private final HookedRepository hooked = new HookedRepository(shelf);
  private final Vault vault = new Vault(hooked, RepositoryKeys.create());
  private final Tails tails = new Tails(vault, BRANCH);
  private final List<String> names = new ArrayList<>();
  private final List<Long> firstOps = new ArrayList<>();
  private long lastOp;

  @BeforeEach
  void store() {
    Random random = new Random(7);
    while (firstOps.size() < TAILS) {
      long firstOp = lastOp + 1;
      lastOp += 1 + random.nextInt(9);
      SegmentPiece piece =
          new SegmentPiece(
              1, 0, 10, firstOp, lastOp, firstOp, lastOp, false, new byte[32], new byte[100]);
      assertThat(tails.put(Tail.of(BRANCH, List.of(piece))).stored()).isTrue();
      vault.store(
          ObjectKind.PIECE, ("piece " + firstOp).getBytes(StandardCharsets.US_ASCII), new byte[50]);
      firstOps.add(firstOp);
      names.add(tails.name(firstOp));
      if (random.nextInt(3) == 0) {
        millis.addAndGet(1_000); // as a store that tells seconds
      }
    }
  }

  private List<Long> followed() {
    List<Long> found = new ArrayList<>();
    long end =
        tails.follow(
            0,
            tail -> {
              found.add(tail.firstOp());
              return true;
            });
    assertThat(end).isEqualTo(found.isEmpty() ? 0 : lastOpOf(found.size()));
    return found;
  }

  private long lastOpOf(int tail) {
    return tail == TAILS ? lastOp : firstOps.get(tail) - 1;
  }

  @Test
  void all_are_found_in_order_and_most_of_them_ahead() {
    List<String> byCaller = Collections.synchronizedList(new ArrayList<>());
    Thread caller = Thread.currentThread();
    hooked.before(
        call -> {
          if (call.startsWith("get ") && Thread.currentThread().equals(caller)) {
            byCaller.add(call);
          }
        });
    assertThat(followed()).isEqualTo(firstOps);
    assertThat(byCaller).hasSizeLessThan(TAILS / 4);
  }

  @Test
  void what_the_listing_lacks_or_has_in_another_order_is_found_by_name() {
    Random random = new Random(8);
    hooked.hide(name -> random.nextInt(3) == 0);
    assertThat(followed()).isEqualTo(firstOps);
    hooked.hide(name -> true);
    assertThat(followed()).isEqualTo(firstOps);
  }

  @Test
  void a_tail_that_is_missing_is_the_end_though_later_ones_were_read_ahead() {
    shelf.lose(names.get(150));
    assertThat(followed()).isEqualTo(firstOps.subList(0, 150));
  }

  @Test
  void a_tail_that_is_damaged_or_another_one_is_refused() {
    shelf.replace(names.get(150), new byte[] {1, 2, 3});
    assertThatThrownBy(this::followed)
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("object-damaged"))
        .hasMessageContaining(names.get(150));
    shelf.replace(names.get(150), shelf.get(names.get(151)));
    assertThatThrownBy(this::followed).isInstanceOf(HoldfastException.class);
  }

  @Test
  void one_that_came_wrong_ahead_is_read_again() {
    Thread caller = Thread.currentThread();
    hooked.before(
        call -> {
          if (call.startsWith("get ") && !Thread.currentThread().equals(caller)) {
            throw new HoldfastException("repository-unavailable", "just then", "");
          }
        });
    assertThat(followed()).isEqualTo(firstOps);
  }
}
