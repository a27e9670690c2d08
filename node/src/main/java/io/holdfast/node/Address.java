package io.holdfast.node;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Where a listener binds.
 *
 * @param host a DNS name or an address
 * @param port 0 for any free one
 */
public record Address(String host, int port) {
  /** Whether only processes on this machine can reach it. A name that nobody knows is not. */
  public boolean loopback() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** {@code host:port}, an IPv6 address in brackets. */
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
