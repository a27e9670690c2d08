package io.holdfast.cluster;

import io.holdfast.kernel.HoldfastException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Believes nodes of this node's site and nobody else: the certificate is signed by the ledger's
 * authority and names a node of the site, and when this node dialled, the very member that has the
 * dialled address. So a certificate that was stolen from one node cannot stand in for another. A
 * node that is no member may dial, to become one; what it may ask then, {@link PeerGate} says.
 *
 * <p>The other side only learns that its certificate was refused; the reason stays in this node's
 * log. Codes: {@code peer-untrusted}, {@code peer-expired}, {@code peer-not-yet-valid}, {@code
 * peer-other-ledger}, {@code peer-other-site}, {@code peer-not-member}, {@code peer-wrong-node}.
 *
 * <p>Safe for use by many threads.
 */
final class PeerTrustManager extends X509ExtendedTrustManager {
  private final Genesis genesis;
  private final Members members;
  private final X509Certificate authority;
  private final X509TrustManager signatures;
  private final RefusalLog refusals;

  PeerTrustManager(
      Genesis genesis, Members members, X509Certificate authority, RefusalLog refusals) {
    this.genesis = genesis;
    this.members = members;
    this.authority = authority;
    this.signatures = trusting(authority);
    this.refusals = refusals;
  }

  /** The JDK's own check of signature, dates and purpose, with one root. */
  static X509TrustManager trusting(X509Certificate authority) {
    try {
      KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
      roots.load(null, null);
      roots.setCertificateEntry("authority", authority);
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(roots);
      return (X509TrustManager) factory.getTrustManagers()[0];
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new IllegalStateException("cannot set up trust in the ledger's authority", e);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    try {
      signatures.checkClientTrusted(chain, authType);
    } catch (CertificateException e) {
      throw untrusted(chain[0], e);
    }
    checkNode(chain[0]);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkServer(chain, authType, engine.getPeerHost(), engine.getPeerPort());
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    SSLSession session = socket instanceof SSLSocket tls ? tls.getHandshakeSession() : null;
    checkServer(
        chain,
        authType,
        session == null ? null : session.getPeerHost(),
        session == null ? -1 : session.getPeerPort());
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    checkServer(chain, authType, null, -1);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[] {authority};
  }

  private void checkServer(
      X509Certificate[] chain, String authType, @Nullable String host, int port)
      throws CertificateException {
    try {
      signatures.checkServerTrusted(chain, authType);
    } catch (CertificateException e) {
      throw untrusted(chain[0], e);
    }
    NodeIdentity peer = checkNode(chain[0]);
    List<Member> dialled = members.at(host, port);
    if (dialled.isEmpty()) {
      throw refused(
          "peer-wrong-node",
          peer.nodeId(),
          "dialled " + host + ":" + port + ", which is no member's address",
          null);
    }
    if (dialled.stream().noneMatch(member -> member.nodeId().equals(peer.nodeId()))) {
      throw refused(
          "peer-wrong-node",
          peer.nodeId(),
          "at "
              + host
              + ":"
              + port
              + " answers node "
              + peer.nodeId()
              + ", not "
              + dialled.getFirst().nodeId()
              + "; look where that name leads and whose keys that node has",
          null);
    }
  }

  private NodeIdentity checkNode(X509Certificate certificate) throws CertificateException {
    Optional<NodeIdentity> claimed = NodeIdentity.claimedBy(certificate);
    if (claimed.isEmpty()) {
      throw refused(
          "peer-not-member", "?", "its certificate names no node of a Holdfast site", null);
    }
    NodeIdentity peer = claimed.get();
    if (!peer.ledgerId().equals(genesis.ledgerId())) {
      throw otherLedger(peer, null);
    }
    if (!peer.site().equals(genesis.site())) {
      throw refused(
          "peer-other-site",
          peer.toUri(),
          "it belongs to site " + peer.site() + ", this node to " + genesis.site(),
          null);
    }
    return peer;
  }

  /** Finds the reason that helps most; what the certificate claims is only used to word it. */
  private CertificateException untrusted(X509Certificate certificate, CertificateException cause) {
    Optional<NodeIdentity> claimed = NodeIdentity.claimedBy(certificate);
    String who = claimed.map(NodeIdentity::toUri).orElse("?");
    if (claimed.isPresent() && !claimed.get().ledgerId().equals(genesis.ledgerId())) {
      return otherLedger(claimed.get(), cause);
    }
    if (signedByAuthority(certificate)) {
      try {
        certificate.checkValidity();
      } catch (CertificateExpiredException e) {
        return refused("peer-expired", who, "its certificate ended on " + end(certificate), cause);
      } catch (CertificateNotYetValidException e) {
        return refused(
            "peer-not-yet-valid",
            who,
            "its certificate begins on "
                + certificate.getNotBefore().toInstant()
                + "; look at the clocks of both machines",
            cause);
      }
    }
    return refused(
        "peer-untrusted",
        who,
        "its certificate is not signed by this ledger's authority, or not for this purpose",
        cause);
  }

  private CertificateException otherLedger(NodeIdentity peer, @Nullable Exception cause) {
    return refused(
        "peer-other-ledger",
        peer.toUri(),
        "it belongs to ledger "
            + peer.ledgerId().toHex()
            + ", this node to "
            + genesis.ledgerId().toHex(),
        cause);
  }

  private boolean signedByAuthority(X509Certificate certificate) {
    try {
      certificate.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String end(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant().toString();
  }

  private CertificateException refused(
      String code, String peer, String why, @Nullable Exception cause) {
    String message = "refused peer " + peer + ": " + why;
    refusals.refused(code, peer, message);
    HoldfastException coded =
        cause == null
            ? new HoldfastException(code, message, "")
            : new HoldfastException(code, message, "", cause);
    return new CertificateException(code + ": " + message, coded);
  }
}
