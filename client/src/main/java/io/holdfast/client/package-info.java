/** The Java client, and the seam through which gateways and applications reach a ledger. */
@NullMarked
package io.holdfast.client;

import org.jspecify.annotations.NullMarked;
