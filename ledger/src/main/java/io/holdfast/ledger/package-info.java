/**
 * The pure, deterministic state machine of accounts and transfers: batches in, results out; no I/O,
 * no clock, no thread.
 */
@NullMarked
package io.holdfast.ledger;

import org.jspecify.annotations.NullMarked;
