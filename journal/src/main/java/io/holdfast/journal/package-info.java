/** What the ledger leaves on disk: every committed batch with its answers, sealed and chained. */
@NullMarked
package io.holdfast.journal;

import org.jspecify.annotations.NullMarked;
