package io.holdfast.cluster;

import io.holdfast.ledger.DetailsKeyState;

/**
 * A key of details as a node sees it.
 *
 * @param state what history knows of it
 * @param held whether this node has it
 */
public record DetailsKeyView(DetailsKeyState state, boolean held) {}
