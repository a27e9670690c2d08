package io.holdfast.gateway.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.Socket;

/** Bytes to and from a gateway, as no well-behaved client would exchange them. */
final class Wire {
  private Wire() {}

  /** A request as it is on the wire. */
  static String post(String path, String body) {
    return String.join(
        "\r\n",
        "POST " + path + " HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        "Holdfast-Timeout-Millis: 60000",
        "Content-Length: " + body.length(),
        "",
        body);
  }

  static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(UTF_8));
    socket.getOutputStream().flush();
  }

  /** All that comes until the other side closes, or resets. */
  static String readAll(Socket socket) {
    StringBuilder all = new StringBuilder();
    byte[] buffer = new byte[8_192];
    try {
      int read;
      while ((read = socket.getInputStream().read(buffer)) >= 0) {
        all.append(new String(buffer, 0, read, UTF_8));
      }
    } catch (IOException e) {
      // closed with what was read so far
    }
    return all.toString();
  }
}
