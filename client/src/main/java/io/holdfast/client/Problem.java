package io.holdfast.client;

import io.holdfast.kernel.HoldfastException;

/**
 * A problem document (RFC 9457) as a gateway writes it.
 *
 * @param code stable, in kebab case
 * @param detail what is wrong
 * @param hint what to do next; may be empty
 */
record Problem(String code, String detail, String hint) {
  HoldfastException asException() {
    return new HoldfastException(code, detail, hint);
  }
}
