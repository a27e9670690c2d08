package io.holdfast.vault;

/**
 * The keys of one repository: objects are compressed and sealed with a streaming AEAD under them,
 * named by a keyed digest so that names leak nothing, and manifests are signed. Immutable.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class RepositoryKeys {
  private RepositoryKeys() {}

  /** New keys for a new repository. */
  public static RepositoryKeys create() {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * The name of an object: {@code objects/ab/abcd…}, HMAC-SHA256 of its kind and identity.
   *
   * @param identity its content's digest, or what else names it
   */
  public String objectName(ObjectKind kind, byte[] identity) {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * Compresses and seals.
   *
   * @param name of the object, which is bound to it
   */
  public byte[] seal(String name, byte[] content) {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * Opens what {@link #seal} sealed.
   *
   * @throws io.holdfast.kernel.HoldfastException code {@code object-damaged}
   */
  public byte[] open(String name, byte[] sealed) {
    throw new UnsupportedOperationException("not yet");
  }

  /** Signs; the signature goes before the content. */
  public byte[] sign(byte[] content) {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * What was signed.
   *
   * @throws io.holdfast.kernel.HoldfastException code {@code signature-wrong}
   */
  public byte[] verified(byte[] signed) {
    throw new UnsupportedOperationException("not yet");
  }
}
