/**
 * What every part rests on: invariants, coded errors, 128-bit integers, ids, the clock and the
 * disk, fixed limits.
 */
@NullMarked
package io.holdfast.kernel;

import org.jspecify.annotations.NullMarked;
