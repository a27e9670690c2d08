package io.holdfast.cluster;

import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The private authority of one ledger: whom it signed is a node of that ledger, and nobody else is
 * believed. EC P-256, ECDSA with SHA-256. Its key stays with the operators: no node has it.
 */
public final class CertificateAuthority {
  public static final Duration AUTHORITY_VALIDITY = Duration.ofDays(3_653);

  /** A year, and a month to renew in. */
  public static final Duration NODE_VALIDITY = Duration.ofDays(365 + 31);

  /** Certificates are valid from a day before they were made, for clocks that are behind. */
  private static final Duration BACKDATED = Duration.ofDays(1);

  private static final SecureRandom RANDOM = new SecureRandom();
  static final String KEY_FILE = "ca.key";
  static final String CERTIFICATE_FILE = "ca.crt";

  private final X509Certificate certificate;
  private final PrivateKey key;
  private final Clock clock;

  /** A certificate and the key that belongs to it. */
  public record Issued(X509Certificate certificate, PrivateKey key) {
    /** Writes {@code node.crt}, and {@code node.key} readable by its owner alone. */
    public void write(Path directory) throws IOException {
      SystemDisk.INSTANCE.writeSecret(directory.resolve(NodeTls.KEY_FILE), Pem.privateKey(key));
      SystemDisk.INSTANCE.writeDurably(
          directory.resolve(NodeTls.CERTIFICATE_FILE), Pem.certificate(certificate));
    }
  }

  private CertificateAuthority(X509Certificate certificate, PrivateKey key, Clock clock) {
    this.certificate = certificate;
    this.key = key;
    this.clock = clock;
  }

  /** Makes a new authority for a ledger. */
  public static CertificateAuthority create(UInt128 ledgerId, Clock clock) {
    return create(ledgerId, clock, AUTHORITY_VALIDITY);
  }

  static CertificateAuthority create(UInt128 ledgerId, Clock clock, Duration validity) {
    KeyPair pair = newKeyPair();
    X500Name name =
        new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.O, ledgerId.toHex())
            .addRDN(BCStyle.CN, "Holdfast ledger authority")
            .build();
    try {
      X509v3CertificateBuilder builder =
          builder(name, name, now(clock), validity, pair.getPublic())
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
              .addExtension(
                  Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
              .addExtension(
                  Extension.subjectKeyIdentifier,
                  false,
                  new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
      return new CertificateAuthority(sign(builder, pair.getPrivate()), pair.getPrivate(), clock);
    } catch (CertIOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot make a certificate", e);
    }
  }

  /** Reads back what {@link #write} wrote. */
  public static CertificateAuthority load(Path directory, Clock clock) {
    return new CertificateAuthority(
        Pem.readCertificate(directory.resolve(CERTIFICATE_FILE)),
        Pem.readPrivateKey(directory.resolve(KEY_FILE)),
        clock);
  }

  /**
   * As {@link #load}, for a node of its ledger.
   *
   * @throws HoldfastException as {@link #load}, and code {@code wrong-authority} when the node
   *     belongs to another ledger
   */
  static CertificateAuthority loadFor(Path nodeDirectory, Path authority, Clock clock) {
    CertificateAuthority ca = load(authority, clock);
    X509Certificate trusted =
        Pem.readCertificate(nodeDirectory.resolve("keys").resolve(CERTIFICATE_FILE));
    if (!ca.certificate().equals(trusted)) {
      throw new HoldfastException(
          "wrong-authority",
          authority + " is not the authority of the node in " + nodeDirectory,
          "each ledger has its own, beside the directories of its nodes that 'holdfast init' made");
    }
    return ca;
  }

  /** Writes {@code ca.crt}, and {@code ca.key} readable by its owner alone. */
  public void write(Path directory) throws IOException {
    SystemDisk.INSTANCE.writeSecret(directory.resolve(KEY_FILE), Pem.privateKey(key));
    writeCertificate(directory);
  }

  /** Writes {@code ca.crt} alone: all that a node needs of the authority. */
  public void writeCertificate(Path directory) throws IOException {
    SystemDisk.INSTANCE.writeDurably(
        directory.resolve(CERTIFICATE_FILE), Pem.certificate(certificate));
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /**
   * Makes a node's key and certificate, good as server and as client.
   *
   * @param hosts DNS names and IPv4 addresses under which it is reached, besides localhost
   */
  public Issued issue(NodeIdentity identity, Collection<String> hosts, Duration validity) {
    KeyPair pair = newKeyPair();
    X500Name subject =
        new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.O, identity.ledgerId().toHex())
            .addRDN(BCStyle.OU, identity.site())
            .addRDN(BCStyle.CN, identity.nodeId())
            .build();
    X500Name issuer = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    try {
      JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
      X509v3CertificateBuilder builder =
          builder(issuer, subject, now(clock), validity, pair.getPublic())
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
              .addExtension(
                  Extension.extendedKeyUsage,
                  false,
                  new ExtendedKeyUsage(
                      new KeyPurposeId[] {
                        KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                      }))
              .addExtension(
                  Extension.subjectAlternativeName, false, alternativeNames(identity, hosts))
              .addExtension(
                  Extension.subjectKeyIdentifier,
                  false,
                  identifiers.createSubjectKeyIdentifier(pair.getPublic()))
              .addExtension(
                  Extension.authorityKeyIdentifier,
                  false,
                  identifiers.createAuthorityKeyIdentifier(certificate));
      return new Issued(sign(builder, key), pair.getPrivate());
    } catch (CertIOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot make a certificate", e);
    }
  }

  /** The DNS names and addresses that a certificate is for. */
  static List<String> hostsOf(X509Certificate certificate) {
    List<String> hosts = new ArrayList<>();
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      for (List<?> name : names == null ? List.<List<?>>of() : names) {
        int kind = (Integer) name.get(0);
        if (kind == GeneralName.dNSName || kind == GeneralName.iPAddress) {
          hosts.add(String.valueOf(name.get(1)));
        }
      }
    } catch (CertificateParsingException e) {
      return List.of(); // a certificate that is of no use names no hosts
    }
    return hosts;
  }

  private static GeneralNames alternativeNames(NodeIdentity identity, Collection<String> hosts) {
    SequencedSet<String> all = new LinkedHashSet<>(hosts);
    all.add("localhost");
    all.add("127.0.0.1");
    List<GeneralName> names = new ArrayList<>();
    names.add(new GeneralName(GeneralName.uniformResourceIdentifier, identity.toUri()));
    for (String host : all) {
      boolean address = host.matches("[0-9]+(\\.[0-9]+){3}");
      names.add(new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host));
    }
    return new GeneralNames(names.toArray(new GeneralName[0]));
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, Instant now, Duration validity, PublicKey key) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(127, RANDOM).setBit(126),
        Date.from(now.minus(BACKDATED)),
        Date.from(now.plus(validity)),
        subject,
        key);
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws CertificateException {
    try {
      byte[] der =
          builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)).getEncoded();
      return Pem.certificateOf(der);
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalStateException("cannot sign a certificate", e);
    }
  }

  private static KeyPair newKeyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has EC keys on P-256", e);
    }
  }

  private static Instant now(Clock clock) {
    return Instant.ofEpochMilli(clock.wallNanos() / 1_000_000);
  }
}
