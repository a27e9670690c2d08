package io.holdfast.journal;

import java.util.List;

/**
 * What a node has that others can have.
 *
 * @param ledgerId in hex
 * @param branchId of the history that its entries continue, in hex
 * @param epoch of that branch
 * @param durableOp the last op of its journal that is on disk
 * @param pending files that are whole but not listed yet, for their digests are still to be
 *     computed: ask again
 */
public record FileListing(
    String ledgerId,
    String branchId,
    long epoch,
    long durableOp,
    int pending,
    List<StoredFile> files) {
  public FileListing {
    files = List.copyOf(files);
  }
}
