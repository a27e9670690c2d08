package io.holdfast.ledger;

/** A transfer and its details; empty when it has none. */
public record TransferWithDetails(Transfer transfer, byte[] details) {}
