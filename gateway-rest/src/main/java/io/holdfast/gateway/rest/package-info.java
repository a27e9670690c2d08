/**
 * The REST channel: JSON and binary batches over HTTP, onto any {@link
 * io.holdfast.client.LedgerAccess}.
 */
@NullMarked
package io.holdfast.gateway.rest;

import org.jspecify.annotations.NullMarked;
