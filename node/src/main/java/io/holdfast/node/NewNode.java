package io.holdfast.node;

import io.holdfast.cluster.Member;
import io.holdfast.kernel.HoldfastException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node of a site to be made.
 *
 * @param member its name, and where the other nodes reach it
 * @param rest where applications reach it
 * @param admin where operators reach it
 */
public record NewNode(Member member, Address rest, Address admin) {
  private static final String FORM = "NAME=HOST:PORT[,rest=HOST:PORT][,admin=HOST:PORT]";

  /**
   * Reads {@code n1=HOST:PORT[,rest=HOST:PORT][,admin=HOST:PORT]}.
   *
   * @throws HoldfastException code {@code bad-node}
   */
  public static NewNode parse(String text) {
    Map<String, String> parts = new HashMap<>();
    String name = "";
    for (String part : text.split(",", -1)) {
      int at = part.indexOf('=');
      String key = part.substring(0, Math.max(at, 0));
      if (name.isEmpty()) {
        name = key;
      } else if (!key.equals("rest") && !key.equals("admin")) {
        throw refused(text, "'" + part + "' is neither rest=… nor admin=…");
      }
      if (at < 1 || parts.put(key, part.substring(at + 1)) != null) {
        throw refused(text, "'" + part + "' is not NAME=HOST:PORT, or is there twice");
      }
    }
    Address peer = address(text, parts.get(name), null);
    if (peer.port() == 0) {
      throw refused(text, "the port for the other nodes is 0; allowed: 1 to 65535");
    }
    return new NewNode(
        new Member(name, peer.host(), peer.port()),
        address(text, parts.get("rest"), Settings.REST_ADDRESS),
        address(text, parts.get("admin"), Settings.ADMIN_ADDRESS));
  }

  /** What it is called. */
  public String name() {
    return member.nodeId();
  }

  private static Address address(
      String text, @Nullable String value, @Nullable Setting<Address> setting) {
    String written = value == null && setting != null ? setting.defaultText() : value;
    return new SettingType.Listen()
        .parse(String.valueOf(written))
        .orElseThrow(() -> refused(text, "'" + written + "' is not HOST:PORT"));
  }

  private static HoldfastException refused(String text, String why) {
    return new HoldfastException("bad-node", "node '" + text + "': " + why, "write it as " + FORM);
  }
}
