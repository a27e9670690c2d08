package io.holdfast.vault;

/** Opens buckets. */
@SuppressWarnings("DoNotCallSuggester")
final class S3 {
  private S3() {}

  static Repository open(RepositoryLocation.InBucket bucket) {
    throw new UnsupportedOperationException("not yet: " + bucket);
  }
}
