/**
 * One site: the ledger replicated by Apache Ratis. Requests go in, results that are on disk on a
 * majority come out.
 */
@NullMarked
package io.holdfast.cluster;

import org.jspecify.annotations.NullMarked;
