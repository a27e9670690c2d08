package io.holdfast.node;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Who asks, as far as the admin API can tell: what he says of himself, and from where. */
final class Operators {
  private static final String HEADER = "Holdfast-Operator";
  private static final String NAME = "[ -~]{1,64}";

  private Operators() {}

  /** {@code operator NAME at ADDRESS}; the name is a claim, the address is not. */
  static String of(ServerRequest request) {
    String claimed = request.headers().value(HeaderNames.create(HEADER)).orElse("").strip();
    SocketAddress from = request.remotePeer().address();
    String address =
        from instanceof InetSocketAddress internet && internet.getAddress() != null
            ? internet.getAddress().getHostAddress()
            : String.valueOf(from);
    return "operator" + (claimed.matches(NAME) ? " " + claimed : "") + " at " + address;
  }
}
