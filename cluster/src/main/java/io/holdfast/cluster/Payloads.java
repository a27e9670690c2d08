package io.holdfast.cluster;

import java.nio.ByteBuffer;

/** Gives the batches that consensus brings as they were before they were sealed. */
interface Payloads {
  /**
   * As {@link Opener#open}.
   *
   * @return the bytes of the payload
   */
  int open(ByteBuffer sealed, byte[] into);
}
