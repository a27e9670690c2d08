package io.holdfast.cluster;

import io.holdfast.journal.DetailsKey;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.DetailsKeyName;
import io.holdfast.ledger.DetailsPeriod;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What nodes say to each other of the keys of details. As bytes, little-endian:
 *
 * <pre>
 * version = 1 (2), count (4), each key: period (4), fingerprint (8), key (32)
 * count (4), each name: period (4), fingerprint (8)
 * </pre>
 *
 * @param keys in a question, that the other shall keep; in the answer, those that were asked for
 * @param names in a question, of keys that are wanted; in the answer, of all that the node holds
 */
record KeyExchange(List<DetailsKey> keys, Set<DetailsKeyName> names) {
  private static final short VERSION = 1;
  private static final int COUNT_MAX = 65_536;

  KeyExchange {
    keys = List.copyOf(keys);
    names = Set.copyOf(names);
  }

  static KeyExchange offer(DetailsKey key) {
    return new KeyExchange(List.of(key), Set.of());
  }

  static KeyExchange want(Collection<DetailsKeyName> names) {
    return new KeyExchange(List.of(), Set.copyOf(names));
  }

  byte[] encode() {
    int size =
        2
            + 8
            + keys.size() * (DetailsKeyName.BYTES + DetailsKey.BYTES)
            + names.size() * DetailsKeyName.BYTES;
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    out.putShort(VERSION).putInt(keys.size());
    for (DetailsKey key : keys) {
      put(out, key.name());
      out.put(key.bytes());
    }
    out.putInt(names.size());
    names.forEach(name -> put(out, name));
    return out.array();
  }

  static KeyExchange decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try {
      if (in.getShort() != VERSION) {
        throw malformed();
      }
      List<DetailsKey> keys = new ArrayList<>();
      for (int left = count(in); left > 0; left--) {
        DetailsKeyName name = name(in);
        byte[] key = new byte[DetailsKey.BYTES];
        in.get(key);
        DetailsKey given = DetailsKey.of(name, key);
        if (given == null) {
          throw malformed();
        }
        keys.add(given);
      }
      Set<DetailsKeyName> names = new HashSet<>();
      for (int left = count(in); left > 0; left--) {
        names.add(name(in));
      }
      return new KeyExchange(keys, names);
    } catch (BufferUnderflowException e) {
      throw malformed();
    }
  }

  private static int count(ByteBuffer in) {
    int count = in.getInt();
    if (count < 0 || count > COUNT_MAX) {
      throw malformed();
    }
    return count;
  }

  private static void put(ByteBuffer out, DetailsKeyName name) {
    out.putInt(name.period().code()).putLong(name.fingerprint());
  }

  private static DetailsKeyName name(ByteBuffer in) {
    int period = in.getInt();
    if (!DetailsPeriod.isValid(period)) {
      throw malformed();
    }
    return new DetailsKeyName(new DetailsPeriod(period), in.getLong());
  }

  private static HoldfastException malformed() {
    return new HoldfastException(
        "malformed-peer-message",
        "another node sent keys of details in a way that is not known here",
        "all nodes of a site must run versions that know each other");
  }

  /** Without the keys themselves. */
  @Override
  public String toString() {
    return "KeyExchange[" + keys + ", " + names + "]";
  }
}
