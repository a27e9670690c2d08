package io.holdfast.node;

/**
 * Where a node can be reached.
 *
 * @param insecure whether that may be beyond this machine
 */
record ListenConfig(Address rest, Address admin, boolean insecure) {}
