package io.holdfast.gateway.rest;

import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The bytes of a request's body, read whole but never beyond its limit, and counted against what
 * all bodies may take together. Room is taken as bytes arrive, so a client that announces much and
 * sends nothing holds nothing.
 */
final class Body implements AutoCloseable {
  /** The body of a request that has none. */
  static final Body NONE = new Body(new ByteBudget(0));

  private static final int FIRST_BYTES = 4_096;

  private final ByteBudget budget;
  private byte[] bytes;
  private int length;

  private Body(ByteBudget budget) {
    this.budget = budget;
    this.bytes = new byte[0];
  }

  /**
   * @throws Refusal {@code request-too-large} or {@code overloaded}
   * @throws CloseConnectionException when the client went away
   */
  static Body read(ServerRequest request, int bytesMax, ByteBudget budget) {
    Body body = new Body(budget);
    try {
      OptionalLong declared = request.headers().contentLength();
      if (declared.isPresent() && declared.getAsLong() > bytesMax) {
        throw tooLarge(Long.toString(declared.getAsLong()), bytesMax);
      }
      if (request.content().hasEntity()) {
        body.fill(request.content().inputStream(), (int) declared.orElse(FIRST_BYTES), bytesMax);
      }
      return body;
    } catch (RuntimeException e) {
      body.close();
      throw e;
    }
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** The bytes in an array of the right length, for one who keeps it. */
  byte[] exactly() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  /** Gives the room back. */
  @Override
  public void close() {
    budget.release(bytes.length);
    bytes = new byte[0];
    length = 0;
  }

  private void fill(InputStream in, int expected, int bytesMax) {
    grow(Math.min(Math.max(expected, 1), 16 * FIRST_BYTES));
    try {
      while (true) {
        if (length == bytes.length) {
          if (length == expected) {
            int more = in.read();
            if (more < 0) {
              return;
            }
            room(bytesMax);
            bytes[length++] = (byte) more;
            continue;
          }
          room(bytesMax);
        }
        int read = in.read(bytes, length, bytes.length - length);
        if (read < 0) {
          return;
        }
        length += read;
      }
    } catch (Refusal | RequestException e) {
      throw e;
    } catch (IllegalArgumentException e) { // what the server throws for a chunk size of no digits
      throw Refusal.of(
          ErrorCode.MALFORMED_HTTP,
          "the chunks of the body are malformed; allowed: as RFC 9112, section 7.1, lays them out",
          "");
    } catch (IOException | RuntimeException e) {
      throw new CloseConnectionException("the client went away in the middle of its request", e);
    }
  }

  private void room(int bytesMax) {
    if (length >= bytesMax) {
      throw tooLarge("more than " + bytesMax, bytesMax);
    }
    grow((int) Math.min(bytesMax, 2L * Math.max(bytes.length, FIRST_BYTES)));
  }

  private void grow(int size) {
    budget.acquire(size - bytes.length);
    bytes = Arrays.copyOf(bytes, size);
  }

  private static Refusal tooLarge(String bytes, int bytesMax) {
    return Refusal.of(
        ErrorCode.REQUEST_TOO_LARGE,
        "the body has " + bytes + " bytes; allowed: at most " + bytesMax,
        "send fewer events at once");
  }
}
