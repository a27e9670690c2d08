package io.holdfast.drill;

import java.net.URI;

/**
 * Where a node of a local site listens; all on loopback.
 *
 * @param node its name: n1, n2 …
 * @param peerPort where the other nodes reach it
 * @param restPort where applications reach it
 * @param adminPort where operators reach it
 */
public record NodeAddress(String node, int peerPort, int restPort, int adminPort) {
  public static final String HOST = "127.0.0.1";

  /** The gateway's address. */
  public URI rest() {
    return URI.create("http://" + HOST + ":" + restPort);
  }

  /** The admin API's address. */
  public URI admin() {
    return URI.create("http://" + HOST + ":" + adminPort);
  }

  /** As {@code holdfast init --node} takes it. */
  public String initOption() {
    return "%s=%s:%d,rest=%s:%d,admin=%s:%d"
        .formatted(node, HOST, peerPort, HOST, restPort, HOST, adminPort);
  }
}
