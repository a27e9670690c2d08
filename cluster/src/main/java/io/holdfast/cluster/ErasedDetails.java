package io.holdfast.cluster;

import java.util.List;

/**
 * What came of the destruction of a period's keys.
 *
 * @param op that destroyed them; the last one, if they were destroyed before
 * @param at the time of that op, in nanoseconds since 1970
 * @param keys that were destroyed
 * @param transfers whose details are gone with them
 * @param erasedOn nodes that hold none of the keys any more
 * @param pendingOn nodes that did not say so yet: they erase them as soon as they apply that op
 */
public record ErasedDetails(
    String period,
    long op,
    long at,
    int keys,
    long transfers,
    List<String> erasedOn,
    List<String> pendingOn) {
  public ErasedDetails {
    erasedOn = List.copyOf(erasedOn);
    pendingOn = List.copyOf(pendingOn);
  }
}
