package io.holdfast.cluster;

import io.holdfast.journal.SecretFile;
import io.holdfast.kernel.HoldfastException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Certificates and private keys (PKCS #8, EC) as PEM text: RFC 7468, one object per file. */
final class Pem {
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String PRIVATE_KEY = "PRIVATE KEY";

  private Pem() {}

  static byte[] certificate(X509Certificate certificate) {
    try {
      return encode(CERTIFICATE, certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate made here has an encoding", e);
    }
  }

  static byte[] privateKey(PrivateKey key) {
    return encode(PRIVATE_KEY, key.getEncoded());
  }

  /** Reads a certificate; code {@code key-file-damaged} and those of {@link SecretFile}. */
  static X509Certificate readCertificate(Path file) {
    byte[] der = decode(file, CERTIFICATE, SecretFile.readPublic(file));
    try {
      return certificateOf(der);
    } catch (CertificateException e) {
      throw damaged(file, "it holds no X.509 certificate", e);
    }
  }

  /** Reads an EC private key that nobody but its owner can read. */
  static PrivateKey readPrivateKey(Path file) {
    byte[] der = decode(file, PRIVATE_KEY, SecretFile.readSecret(file));
    try {
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException e) {
      throw damaged(file, "it holds no EC private key", e);
    }
  }

  static X509Certificate certificateOf(byte[] der) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  private static byte[] encode(String what, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    String text = "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] decode(Path file, String what, byte[] content) {
    String text = new String(content, StandardCharsets.US_ASCII);
    String begin = "-----BEGIN " + what + "-----";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END " + what + "-----");
    if (from < 0 || to < from) {
      throw damaged(file, "it has no PEM block '" + what + "'", null);
    }
    try {
      return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    } catch (IllegalArgumentException e) {
      throw damaged(file, "its PEM block is no base64", e);
    }
  }

  private static HoldfastException damaged(Path file, String why, @Nullable Exception cause) {
    String hint = "copy the file again from the directory that 'holdfast init' made";
    String message = file + " is damaged: " + why;
    return cause == null
        ? new HoldfastException("key-file-damaged", message, hint)
        : new HoldfastException("key-file-damaged", message, hint, cause);
  }
}
