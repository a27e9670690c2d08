package io.holdfast.cluster;

import io.holdfast.kernel.HoldfastException;

/** The ways in which a site does not answer a request; see docs/reference/errors.md. */
final class Refusals {
  private Refusals() {}

  static HoldfastException outcomeUnknown() {
    return new HoldfastException(
        "outcome-unknown",
        "the deadline passed before an answer was known; the request may or may not have happened",
        "repeat it with the same ids: what happened answers 'exists'");
  }

  static HoldfastException noLeader() {
    return new HoldfastException(
        "no-leader",
        "no node leads at the moment, so nothing was taken; a leader needs a majority of the nodes",
        "repeat it in a moment; if it lasts, see which nodes are down with 'holdfast status'");
  }

  static HoldfastException overloaded(int events, int eventsMax) {
    return new HoldfastException(
        "overloaded",
        "the queue is full: "
            + events
            + " events wait, at most "
            + eventsMax
            + " may; nothing was taken",
        "send it again a little later, and fewer at once");
  }

  static HoldfastException overloadedLeader() {
    return new HoldfastException(
        "overloaded",
        "the queue of the node that leads is full; nothing was taken",
        "send it again a little later, and fewer at once");
  }

  static HoldfastException stopping() {
    return new HoldfastException(
        "no-leader", "this node is stopping; nothing was taken", "repeat it at another node");
  }

  static HoldfastException mending(HoldfastException damage) {
    return new HoldfastException(
        "unavailable",
        "this node found a damaged file and mends it from the others: " + damage.message(),
        "repeat it in a moment, or at another node",
        damage);
  }

  static HoldfastException readUnavailable(String why) {
    return new HoldfastException(
        "unavailable",
        "a read that sees every acknowledged write needs a leader with a majority: " + why,
        "repeat it in a moment, or ask for consistency=stale-ok");
  }
}
