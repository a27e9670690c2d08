package io.holdfast.cluster;

/**
 * A node of a site as all members know it.
 *
 * @param nodeId its name within the site: letters, digits and dashes, bound to its certificate
 * @param host where the other nodes reach it: a stable DNS name or an address
 * @param port the port for node-to-node traffic
 */
public record Member(String nodeId, String host, int port) {
  /** {@code host:port}. */
  public String address() {
    return host + ":" + port;
  }
}
