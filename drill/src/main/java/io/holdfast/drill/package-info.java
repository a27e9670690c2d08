/**
 * Faults on purpose, timed, with evidence: starts a site of real node processes, pays, kills, hangs
 * and hands over, and judges what every client was told against what the ledger holds.
 */
@NullMarked
package io.holdfast.drill;

import org.jspecify.annotations.NullMarked;
