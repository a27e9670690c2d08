/**
 * Backup and restore: repositories of sealed objects and signed manifests, taken from a ledger's
 * journal and checkpoints while payments run, and proved by restoring.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.vault;
