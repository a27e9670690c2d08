package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A repository that has gone bad: whatever it is asked, by a seed and with a given share of the
 * answers, it has lost the object, gives a part of it, another one, or one with a bit flipped, or
 * refuses. The same seed and the same calls meet the same faults. For any thread, but then the
 * order of the calls is what the threads make of it.
 */
final class HostileRepository implements Repository {
  /** What may befall a call. */
  enum Harm {
    LOSE,
    TRUNCATE,
    SWAP,
    FLIP,
    REFUSE
  }

  private final Repository inner;
  private final Random random;
  private final double share;
  private final List<Harm> harms;
  private final List<String> harmed = new ArrayList<>();

  /**
   * @param share of the calls that meet a fault, 0 to 1
   */
  HostileRepository(Repository inner, long seed, double share, Harm... harms) {
    this.inner = inner;
    this.random = new Random(seed * 0x9E37_79B9_7F4A_7C15L);
    this.share = share;
    this.harms =
        List.copyOf(Set.copyOf(Arrays.asList(harms.length == 0 ? Harm.values() : harms))).stream()
            .sorted()
            .toList();
  }

  /** What was done to which object so far, such as {@code FLIP objects/ab/abcd…}. */
  synchronized List<String> harmed() {
    return List.copyOf(harmed);
  }

  /** One of these harms, or null for none. */
  private synchronized @Nullable Harm lot(String name, Set<Harm> fitting) {
    double drawn = random.nextDouble();
    List<Harm> possible = harms.stream().filter(fitting::contains).toList();
    int which = random.nextInt(1 << 20);
    if (drawn >= share || possible.isEmpty()) {
      return null;
    }
    Harm harm = possible.get(which % possible.size());
    harmed.add(harm + " " + name);
    return harm;
  }

  private synchronized int draw(int bound) {
    return random.nextInt(Math.max(1, bound));
  }

  @Override
  public String describe() {
    return inner.describe();
  }

  @Override
  public boolean put(String name, byte[] bytes) {
    return switch (lot(name, Set.of(Harm.LOSE, Harm.REFUSE))) {
      case LOSE -> true; // it says so
      case REFUSE -> throw refusal();
      case null, default -> inner.put(name, bytes);
    };
  }

  @Override
  public byte[] get(String name) {
    Harm harm = lot(name, Set.of(Harm.values()));
    if (harm == Harm.LOSE) {
      throw RepositoryFaults.missingObject(describe(), name);
    } else if (harm == Harm.REFUSE) {
      throw refusal();
    }
    byte[] bytes = inner.get(name);
    return switch (harm) {
      case TRUNCATE -> Arrays.copyOf(bytes, draw(bytes.length));
      case SWAP -> another(name, bytes);
      case FLIP -> flipped(bytes);
      case null, default -> bytes;
    };
  }

  private byte[] another(String name, byte[] bytes) {
    List<StoredObject> others =
        inner.list("").stream().filter(object -> !object.name().equals(name)).toList();
    return others.isEmpty() ? flipped(bytes) : inner.get(others.get(draw(others.size())).name());
  }

  private byte[] flipped(byte[] bytes) {
    byte[] other = bytes.clone();
    if (other.length > 0) {
      int bit = draw(other.length * 8);
      other[bit / 8] ^= (byte) (1 << (bit % 8));
    }
    return other;
  }

  @Override
  public boolean has(String name) {
    return switch (lot(name, Set.of(Harm.LOSE, Harm.REFUSE))) {
      case LOSE -> false;
      case REFUSE -> throw refusal();
      case null, default -> inner.has(name);
    };
  }

  @Override
  public List<StoredObject> list(String prefix) {
    if (lot(prefix + "*", Set.of(Harm.REFUSE)) == Harm.REFUSE) {
      throw refusal();
    }
    return inner.list(prefix).stream()
        .filter(object -> lot(object.name(), Set.of(Harm.LOSE)) == null)
        .toList();
  }

  @Override
  public void delete(String name) {
    if (lot(name, Set.of(Harm.REFUSE)) == Harm.REFUSE) {
      throw refusal();
    }
    inner.delete(name);
  }

  private HoldfastException refusal() {
    return RepositoryFaults.unavailable(describe(), "refuses", "try again", null);
  }

  @Override
  public void close() {
    inner.close();
  }
}
