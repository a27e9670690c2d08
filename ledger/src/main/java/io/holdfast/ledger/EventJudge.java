package io.holdfast.ledger;

/** Judges the events of one kind, one by one, and can take back what a chain of them did. */
interface EventJudge {
  /**
   * What {@link #compare} returns for an event whose id does not exist; the number of no status.
   */
  int MISSING = 0;

  int CREATED = -1;
  int LINKED_EVENT_FAILED = 1;
  int LINKED_EVENT_CHAIN_OPEN = 2;

  /** The number of the status {@code exists} for this kind. */
  int existsCode();

  /** Turns to a request. */
  void begin(Events request);

  /** Brings near what the judging of these events will read. Changes no result. */
  void lookAhead(int from, int to);

  /** Whether something with the id of event {@code i} exists. */
  boolean exists(int i);

  /**
   * Judges event {@code i} and, if it may, creates what it asks for.
   *
   * @param now the timestamp that the event has in its batch
   * @return the number of its status
   */
  int judge(int i, long now);

  /** The status of event {@code i} as a repetition of what exists, or {@link #MISSING}. */
  int compare(int i, long now);

  /** After {@link #judge} or {@link #compare}: the timestamp of what was created or found; or 0. */
  long timestamp();

  /** After {@link #judge}: the reserved word of the result. */
  int reserved();

  /** Remembers the id of event {@code i} as failed, if its status is a transient one. */
  void remember(int i, int status);

  void beginChain();

  void commitChain();

  void rollBackChain();
}
