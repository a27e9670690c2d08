package io.holdfast.drill;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds addresses for a local site: admin ports from BASE + 1, REST ports from BASE + 101, peer
 * ports from BASE + 201; when one of them is taken, the next block of 300 is tried.
 */
public final class FreePorts {
  /** Admin 7201 …, REST 7301 …, peers 7401 …. */
  public static final int DEFAULT_BASE = 7_200;

  private static final int REST_OFFSET = 100;
  private static final int PEER_OFFSET = 200;
  private static final int BLOCK = 300;
  private static final int LAST_BASE = 32_000; // below it the kernel gives out no port by itself

  private FreePorts() {}

  /** Addresses that were free at this moment. */
  public static List<NodeAddress> forNodes(int nodes, int base) {
    for (int at = base; at <= LAST_BASE; at += BLOCK) {
      List<NodeAddress> addresses = block(nodes, at);
      if (addresses.stream().allMatch(FreePorts::free)) {
        return addresses;
      }
    }
    throw new HoldfastException(
        "no-free-ports",
        "no " + nodes + " free addresses between " + base + " and " + LAST_BASE,
        "stop what listens there, or give another --port-base");
  }

  /** An address for one more node of a site: the next after those that it has. */
  public static NodeAddress another(String name, List<NodeAddress> taken) {
    int peer = taken.stream().mapToInt(NodeAddress::peerPort).max().orElse(DEFAULT_BASE);
    int rest = taken.stream().mapToInt(NodeAddress::restPort).max().orElse(DEFAULT_BASE);
    int admin = taken.stream().mapToInt(NodeAddress::adminPort).max().orElse(DEFAULT_BASE);
    for (int i = 1; i < REST_OFFSET; i++) {
      NodeAddress address = new NodeAddress(name, peer + i, rest + i, admin + i);
      if (free(address)) {
        return address;
      }
    }
    throw new HoldfastException(
        "no-free-ports", "no free addresses after those of the site", "stop what listens there");
  }

  private static List<NodeAddress> block(int nodes, int base) {
    List<NodeAddress> addresses = new ArrayList<>();
    for (int i = 1; i <= nodes; i++) {
      addresses.add(
          new NodeAddress("n" + i, base + PEER_OFFSET + i, base + REST_OFFSET + i, base + i));
    }
    return addresses;
  }

  private static boolean free(NodeAddress address) {
    return free(address.peerPort()) && free(address.restPort()) && free(address.adminPort());
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
