/**
 * Faults on purpose against a real site, timed, with the proof that nothing was lost: product code,
 * not test code.
 */
@NullMarked
package io.holdfast.drill;

import org.jspecify.annotations.NullMarked;
