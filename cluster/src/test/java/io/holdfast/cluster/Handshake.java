package io.holdfast.cluster;

import io.holdfast.kernel.HoldfastException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Shakes hands between two TLS engines in memory, as two processes would over a socket. */
final class Handshake {
  private Handshake() {}

  /** How a handshake ended; certificates and protocol only when it succeeded. */
  record Result(
      @Nullable Throwable failure,
      @Nullable String protocol,
      @Nullable X509Certificate clientCertificate,
      @Nullable X509Certificate serverCertificate) {
    @Nullable String code() {
      return failure == null ? null : codeOf(failure);
    }

    X509Certificate clientSeenByServer() {
      return Objects.requireNonNull(clientCertificate);
    }

    X509Certificate serverSeenByClient() {
      return Objects.requireNonNull(serverCertificate);
    }
  }

  /** A node dials another at host and port. */
  static Result between(NodeTls client, NodeTls server, String host, int port) {
    SSLEngine dialling = client.peerContext().createSSLEngine(host, port);
    return run(dialling, mutual(server));
  }

  /** What the server says of a client that itself believes everybody. */
  static @Nullable String serverRefuses(NodeTls server, NodeTls client) {
    X509Certificate[] chain =
        client
            .keyManager()
            .getCertificateChain(
                client.keyManager().chooseEngineClientAlias(new String[] {"EC"}, null, null));
    return codeOf(Identities.failure(() -> server.trustManager().checkClientTrusted(chain, "EC")));
  }

  static Result withoutClientCertificate(NodeTls server, Path authority) {
    return run(NodeTls.clientContext(authority).createSSLEngine("localhost", 7401), mutual(server));
  }

  static Result https(NodeTls server, Path authority, String host) {
    SSLEngine client = NodeTls.clientContext(authority).createSSLEngine(host, 7301);
    SSLParameters parameters = client.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    client.setSSLParameters(parameters);
    return run(client, server.serverContext().createSSLEngine());
  }

  /** The first stable code among a failure and its causes. */
  static @Nullable String codeOf(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof HoldfastException coded) {
        return coded.code();
      }
    }
    return null;
  }

  private static SSLEngine mutual(NodeTls server) {
    SSLContext context = server.peerContext();
    SSLEngine engine = context.createSSLEngine();
    engine.setNeedClientAuth(true);
    return engine;
  }

  private static Result run(SSLEngine client, SSLEngine server) {
    client.setUseClientMode(true);
    server.setUseClientMode(false);
    ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
    ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
    try {
      client.beginHandshake();
      server.beginHandshake();
      for (int i = 0; i < 100; i++) {
        step(client, toServer, toClient);
        step(server, toClient, toServer);
        if (done(client) && done(server) && toServer.position() == 0 && toClient.position() == 0) {
          boolean mutual = server.getNeedClientAuth();
          return new Result(
              null,
              client.getSession().getProtocol(),
              mutual ? (X509Certificate) server.getSession().getPeerCertificates()[0] : null,
              (X509Certificate) client.getSession().getPeerCertificates()[0]);
        }
      }
      return new Result(new IllegalStateException("no end of the handshake"), null, null, null);
    } catch (SSLException e) {
      return new Result(e, null, null, null);
    }
  }

  private static boolean done(SSLEngine engine) {
    return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
  }

  private static void step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
    ByteBuffer nothing = ByteBuffer.allocate(0);
    ByteBuffer plain = ByteBuffer.allocate(1 << 16);
    while (true) {
      HandshakeStatus status = engine.getHandshakeStatus();
      if (status == HandshakeStatus.NEED_TASK) {
        engine.getDelegatedTask().run();
      } else if (status == HandshakeStatus.NEED_WRAP) {
        engine.wrap(nothing, out);
      } else if (in.position() > 0) {
        in.flip();
        engine.unwrap(in, plain);
        in.compact();
      } else {
        return;
      }
    }
  }
}
