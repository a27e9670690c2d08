package io.holdfast.client;

import org.jspecify.annotations.Nullable;

/**
 * One request as it goes to a gateway; every attempt sends the same bytes.
 *
 * @param write whether it changes the ledger, so that no answer means that nobody knows
 * @param path with its query
 * @param contentType of the body; empty when there is none
 * @param accept content type of the answer
 * @param body null for a GET
 */
record Call(boolean write, String path, String contentType, String accept, byte @Nullable [] body) {

  static Call get(String path) {
    return new Call(false, path, "", Transport.JSON, null);
  }

  static Call read(String path, String contentType, byte[] body) {
    return new Call(false, path, contentType, contentType, body);
  }

  static Call write(String path, byte[] body) {
    return new Call(true, path, Transport.BATCH, Transport.BATCH, body);
  }
}
