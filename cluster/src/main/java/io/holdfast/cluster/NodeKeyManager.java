package io.holdfast.cluster;

import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's key and certificate, read again when their files change, so that a certificate is
 * renewed without a restart. A handshake sees one pair from begin to end: the alias says which.
 * Safe for use by many threads.
 */
final class NodeKeyManager extends X509ExtendedKeyManager {
  private static final Logger LOG = LoggerFactory.getLogger(NodeKeyManager.class);
  private static final long LOOK_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

  private final Path certificateFile;
  private final Path keyFile;
  private final Supplier<CertificateAuthority.Issued> checkedLoad;
  private final Consumer<X509Certificate> renewed;
  private final Clock clock;

  private Pair current;
  private @Nullable Pair previous;
  private long lookedAt;
  private String seen;

  private record Pair(String alias, X509Certificate[] chain, PrivateKey key) {}

  /**
   * @param checkedLoad reads both files and refuses a pair that is not this node's
   * @param renewed is told each certificate that takes the place of another
   */
  NodeKeyManager(
      Path certificateFile,
      Path keyFile,
      Supplier<CertificateAuthority.Issued> checkedLoad,
      Consumer<X509Certificate> renewed,
      Clock clock) {
    this.certificateFile = certificateFile;
    this.keyFile = keyFile;
    this.checkedLoad = checkedLoad;
    this.renewed = renewed;
    this.clock = clock;
    this.seen = stamps();
    this.current = pair(1, checkedLoad.get());
    this.lookedAt = clock.monotonicNanos();
  }

  @Override
  public String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return alias();
  }

  @Override
  public String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return alias();
  }

  @Override
  public String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias();
  }

  @Override
  public String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias();
  }

  @Override
  public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {alias()};
  }

  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {alias()};
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    Pair pair = pairOf(alias);
    return pair == null ? null : pair.chain().clone();
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    Pair pair = pairOf(alias);
    return pair == null ? null : pair.key();
  }

  private synchronized @Nullable Pair pairOf(String alias) {
    if (alias.equals(current.alias())) {
      return current;
    }
    return previous != null && alias.equals(previous.alias()) ? previous : null;
  }

  private synchronized String alias() {
    long now = clock.monotonicNanos();
    if (now - lookedAt >= LOOK_AGAIN_NANOS) {
      lookedAt = now;
      reloadIfChanged();
    }
    return current.alias();
  }

  private void reloadIfChanged() {
    String stamps = stamps();
    if (stamps.equals(seen)) {
      return;
    }
    try {
      CertificateAuthority.Issued loaded = checkedLoad.get();
      previous = current;
      current = pair(number(current) + 1, loaded);
      LOG.info(
          "certificate renewed, valid until {}", loaded.certificate().getNotAfter().toInstant());
      renewed.accept(loaded.certificate());
    } catch (HoldfastException e) {
      // Half of a renewal may be there; the pair in use stays until both files fit.
      LOG.warn("{}: {}; the certificate in use stays", e.code(), e.message());
    }
    seen = stamps;
  }

  private String stamps() {
    return stamp(certificateFile) + ' ' + stamp(keyFile);
  }

  private static String stamp(Path file) {
    try {
      return Files.getLastModifiedTime(file) + "/" + inode(file);
    } catch (IOException e) {
      return "unreadable";
    }
  }

  private static Object inode(Path file) throws IOException {
    try {
      return Files.getAttribute(file, "unix:ino");
    } catch (UnsupportedOperationException e) {
      return "none"; // a file system without inodes: the time alone has to tell
    }
  }

  private static Pair pair(int number, CertificateAuthority.Issued issued) {
    return new Pair("node-" + number, new X509Certificate[] {issued.certificate()}, issued.key());
  }

  private static int number(Pair pair) {
    return Integer.parseInt(pair.alias().substring("node-".length()));
  }
}
