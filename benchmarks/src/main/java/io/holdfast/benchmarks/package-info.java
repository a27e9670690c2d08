/** Measurements: the ledger alone, and three nodes end to end. */
@NullMarked
package io.holdfast.benchmarks;

import org.jspecify.annotations.NullMarked;
