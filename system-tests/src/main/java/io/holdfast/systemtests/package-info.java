/** Tests with real processes and real kills. */
@NullMarked
package io.holdfast.systemtests;

import org.jspecify.annotations.NullMarked;
