package io.holdfast.node;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/** Finds out before anything is started whether a listener could bind. */
final class Ports {
  private Ports() {}

  /** Refuses an address that cannot be bound: code {@code port-in-use}. */
  static void checkFree(Setting<Address> setting, Address address) {
    if (address.port() == 0) {
      return;
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(address.host(), address.port()));
    } catch (IOException e) {
      throw inUse(setting, address, e);
    }
  }

  static HoldfastException inUse(
      Setting<Address> setting, Address address, @Nullable IOException cause) {
    String message =
        setting.key()
            + " is "
            + address
            + ", where nothing can listen"
            + (cause == null ? "" : ": " + cause.getMessage());
    String hint =
        "stop what listens there ('ss -ltnp' shows it), or choose another address; it must be one of"
            + " this machine";
    return cause == null
        ? new HoldfastException("port-in-use", message, hint)
        : new HoldfastException("port-in-use", message, hint, cause);
  }
}
