package io.holdfast.ledger;

import io.holdfast.kernel.Invariants;

/** What the events of a request are. The code goes on the wire. */
public enum RequestKind {
  CREATE_ACCOUNTS(1),
  CREATE_TRANSFERS(2),
  /** Releases what has expired; proposed by the leader alone, never accepted from a client. */
  PULSE(3),
  /**
   * Destroys the keys of a period's details; proposed by a node as an operator asked, never
   * accepted from a client.
   */
  DESTROY_DETAILS(4);

  private final int code;

  RequestKind(int code) {
    this.code = code;
  }

  /** Whether clients may send such a request; if not, it is alone in its batch. */
  public boolean ofClients() {
    return this == CREATE_ACCOUNTS || this == CREATE_TRANSFERS;
  }

  public int code() {
    return code;
  }

  static RequestKind ofCode(int code) {
    return switch (code) {
      case 1 -> CREATE_ACCOUNTS;
      case 2 -> CREATE_TRANSFERS;
      case 3 -> PULSE;
      case 4 -> DESTROY_DETAILS;
      default -> throw Invariants.broken("kind of a request is known");
    };
  }
}
