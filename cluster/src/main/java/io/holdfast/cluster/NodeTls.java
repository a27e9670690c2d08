package io.holdfast.cluster;

import io.holdfast.journal.ActKind;
import io.holdfast.journal.Acts;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What a node needs for TLS: between members mutual, each believing only the other members of its
 * site; towards clients as a server under the ledger's authority. Loading checks that the keys are
 * this node's own, so that a mix-up of directories shows at start and not at the first handshake.
 */
public final class NodeTls {
  static final String KEY_FILE = "node.key";
  static final String CERTIFICATE_FILE = "node.crt";

  private static final String COPY_AGAIN =
      "copy the whole directory that 'holdfast init' made for this node, keys included";

  private final X509Certificate authority;
  private final NodeKeyManager keyManager;
  private final PeerTrustManager trustManager;
  private final RefusalLog refusals;

  private NodeTls(
      Genesis genesis, Members members, Path keys, Clock clock, Consumer<X509Certificate> renewed) {
    this.authority = Pem.readCertificate(keys.resolve(CertificateAuthority.CERTIFICATE_FILE));
    this.refusals = new RefusalLog(clock);
    Path certificateFile = keys.resolve(CERTIFICATE_FILE);
    Path keyFile = keys.resolve(KEY_FILE);
    this.keyManager =
        new NodeKeyManager(
            certificateFile,
            keyFile,
            () -> own(genesis, authority, certificateFile, keyFile),
            renewed,
            clock);
    this.trustManager = new PeerTrustManager(genesis, members, authority, refusals);
  }

  /**
   * Reads {@code ca.crt}, {@code node.crt} and {@code node.key}.
   *
   * @param keys the keys directory of the node
   * @throws HoldfastException code {@code key-file-…}, {@code certificate-untrusted}, {@code
   *     certificate-wrong-node}, {@code certificate-expired}, {@code certificate-not-yet-valid},
   *     {@code certificate-key-mismatch}
   */
  public static NodeTls load(Genesis genesis, Path keys, Clock clock) {
    return new NodeTls(genesis, Members.of(genesis), keys, clock, certificate -> {});
  }

  /**
   * As {@link #load(Genesis, Path, Clock)}, telling renewed certificates to the site's log.
   *
   * @param use what it is for, in words
   */
  public static NodeTls load(Genesis genesis, Path keys, Clock clock, Acts acts, String use) {
    return load(genesis, Members.of(genesis), keys, clock, acts, use);
  }

  /** As the other, for a site whose members change. */
  static NodeTls load(
      Genesis genesis, Members members, Path keys, Clock clock, Acts acts, String use) {
    return new NodeTls(
        genesis,
        members,
        keys,
        clock,
        certificate ->
            acts.add(
                ActKind.CERTIFICATE_RENEWED,
                "node",
                "use",
                use,
                "serial",
                certificate.getSerialNumber().toString(16),
                "valid_until",
                certificate.getNotAfter().toInstant().toString()));
  }

  /** This node's key and certificate; follows a renewal of the files. */
  public X509ExtendedKeyManager keyManager() {
    return keyManager;
  }

  /** Judges other members; see {@link PeerTrustManager}. */
  public X509ExtendedTrustManager trustManager() {
    return trustManager;
  }

  /** Who was refused within the last minute and why; for the incidents of the node's status. */
  public List<String> recentRefusals() {
    return refusals.recent();
  }

  /** For node-to-node connections that use the JDK's TLS. */
  public SSLContext peerContext() {
    return context(keyManager, trustManager);
  }

  /** For HTTPS: shows this node's certificate and asks clients for none. */
  public SSLContext serverContext() {
    return context(keyManager, PeerTrustManager.trusting(authority));
  }

  /**
   * For clients: believes servers of one ledger, whose host name or address must be in their
   * certificate.
   *
   * @param authorityFile {@code ca.crt} of the ledger
   */
  public static SSLContext clientContext(Path authorityFile) {
    return context(null, PeerTrustManager.trusting(Pem.readCertificate(authorityFile)));
  }

  /**
   * The node that a certificate belongs to; only for certificates that {@link #trustManager} has
   * accepted.
   *
   * @throws HoldfastException code {@code peer-not-member} when it names no node
   */
  public static String nodeIdOf(X509Certificate certificate) {
    return NodeIdentity.claimedBy(certificate)
        .orElseThrow(
            () ->
                new HoldfastException(
                    "peer-not-member", "the certificate names no node of a Holdfast site", ""))
        .nodeId();
  }

  private static CertificateAuthority.Issued own(
      Genesis genesis, X509Certificate authority, Path certificateFile, Path keyFile) {
    X509Certificate certificate = Pem.readCertificate(certificateFile);
    PrivateKey key = Pem.readPrivateKey(keyFile);
    try {
      certificate.verify(authority.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new HoldfastException(
          "certificate-untrusted",
          certificateFile + " is not signed by the authority in ca.crt beside it",
          COPY_AGAIN,
          e);
    }
    String claimed = NodeIdentity.claimedBy(certificate).map(NodeIdentity::toUri).orElse("no node");
    if (!claimed.equals(genesis.identity().toUri())) {
      throw new HoldfastException(
          "certificate-wrong-node",
          certificateFile
              + " belongs to "
              + claimed
              + ", this directory to "
              + genesis.identity().toUri(),
          COPY_AGAIN);
    }
    checkDates(certificate, certificateFile);
    if (!belongTogether(certificate, key)) {
      throw new HoldfastException(
          "certificate-key-mismatch",
          keyFile + " is not the key of the certificate in " + certificateFile,
          COPY_AGAIN);
    }
    return new CertificateAuthority.Issued(certificate, key);
  }

  private static void checkDates(X509Certificate certificate, Path file) {
    try {
      certificate.checkValidity();
    } catch (CertificateExpiredException e) {
      throw new HoldfastException(
          "certificate-expired",
          file + " ended on " + certificate.getNotAfter().toInstant(),
          "make a new one with 'holdfast renew' where the ledger's authority is kept",
          e);
    } catch (CertificateNotYetValidException e) {
      throw new HoldfastException(
          "certificate-not-yet-valid",
          file + " begins on " + certificate.getNotBefore().toInstant(),
          "set this machine's clock",
          e);
    }
  }

  private static boolean belongTogether(X509Certificate certificate, PrivateKey key) {
    byte[] probe = "holdfast".getBytes(StandardCharsets.US_ASCII);
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(key);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(certificate);
      signature.update(probe);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static SSLContext context(@Nullable KeyManager keyManager, TrustManager trustManager) {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(
          keyManager == null ? null : new KeyManager[] {keyManager},
          new TrustManager[] {trustManager},
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS 1.3", e);
    }
  }
}
