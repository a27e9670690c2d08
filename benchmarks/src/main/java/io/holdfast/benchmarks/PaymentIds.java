package io.holdfast.benchmarks;

import io.holdfast.kernel.UInt128;

/** The id of the n-th payment, distinct for each n; nothing has to be kept to ask for one again. */
enum PaymentIds {
  /** As UUIDv7: milliseconds, then chance; 300 of them fall into one millisecond. */
  RISING {
    @Override
    long hi(long n) {
      return (BEGINNING_MILLIS + n / PER_MILLI) << 16 | VERSION_7 | mixed(n) >>> 52;
    }
  },
  /** As UUIDv4. */
  RANDOM {
    @Override
    long hi(long n) {
      return mixed(~n);
    }
  };

  private static final long BEGINNING_MILLIS = 1_760_000_000_000L;
  private static final long PER_MILLI = 300;
  private static final long VERSION_7 = 0x7000;

  abstract long hi(long n);

  long lo(long n) {
    return mixed(n); // distinct for each n, for the mixing can be undone
  }

  UInt128 id(long n) {
    return new UInt128(hi(n), lo(n));
  }

  private static long mixed(long n) {
    long h = n * 0x9E3779B97F4A7C15L;
    h = (h ^ h >>> 30) * 0xBF58476D1CE4E5B9L;
    h = (h ^ h >>> 27) * 0x94D049BB133111EBL;
    return h ^ h >>> 31;
  }
}
