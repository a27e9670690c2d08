package io.holdfast.cluster;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who a node is: one node of one site of one ledger. A certificate carries it as the URI {@code
 * holdfast://LEDGER-ID/SITE/NODE-ID} among its alternative names, and nothing else in a certificate
 * is believed.
 */
public record NodeIdentity(UInt128 ledgerId, String site, String nodeId) {
  /** Names of sites and nodes: safe in a file name, a URI, a DNS label and a log line. */
  static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");

  static final String NAME_ALLOWED =
      "1 to 32 lower-case letters, digits and dashes, no dash at either end";

  private static final Pattern URI =
      Pattern.compile("holdfast://([0-9a-f]{32})/(" + NAME + ")/(" + NAME + ")");

  /** The kind of an alternative name that is a URI: RFC 5280, 4.2.1.6. */
  private static final int SAN_URI = 6;

  /** The identity as it stands in the certificate. */
  public String toUri() {
    return "holdfast://" + ledgerId.toHex() + "/" + site + "/" + nodeId;
  }

  /**
   * The identity that a certificate claims, or empty when it claims none or more than one. Whether
   * the claim is to be believed is for the signature to say.
   */
  public static Optional<NodeIdentity> claimedBy(X509Certificate certificate) {
    Collection<List<?>> names;
    try {
      names = certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      return Optional.empty();
    }
    if (names == null) {
      return Optional.empty();
    }
    List<NodeIdentity> found =
        names.stream()
            .filter(name -> Integer.valueOf(SAN_URI).equals(name.get(0)))
            .map(name -> URI.matcher(String.valueOf(name.get(1))))
            .filter(Matcher::matches)
            .map(m -> new NodeIdentity(UInt128.parseId(m.group(1)), m.group(2), m.group(4)))
            .toList();
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  /** The node that a certificate claims to be of; null as {@link #claimedBy} is empty. */
  static @Nullable String nodeIdOf(X509Certificate certificate) {
    return claimedBy(certificate).map(NodeIdentity::nodeId).orElse(null);
  }

  /** Refuses a name that could not stand in a file name, a URI and a log line alike. */
  static void checkName(String what, String name, String code) {
    if (!NAME.matcher(name).matches()) {
      throw new HoldfastException(
          code, what + " is '" + shown(name) + "'; allowed: " + NAME_ALLOWED, "");
    }
  }

  private static String shown(String text) {
    return text.length() <= 64 ? text : text.substring(0, 64) + "…";
  }
}
