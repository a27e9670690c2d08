package io.holdfast.ledger;

/** What the events of a request are. The code goes on the wire. */
public enum RequestKind {
  CREATE_ACCOUNTS(1),
  CREATE_TRANSFERS(2),
  /** Releases what has expired; proposed by the leader alone, never accepted from a client. */
  PULSE(3);

  private final int code;

  RequestKind(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
