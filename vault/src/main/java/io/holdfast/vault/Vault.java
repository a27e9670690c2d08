package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A repository that is open: what goes in is sealed, what comes out was sealed by who has its keys.
 *
 * <pre>
 * keys/N            wrapped keys, the highest N counts
 * objects/ab/abcd…  pieces of the journal, pages of checkpoints, keys: named by a keyed digest
 * backups/RANDOM    manifests, signed
 * proofs/RANDOM     what verifying found, signed
 * holds/RANDOM      what must not be deleted, signed
 * writers/RANDOM    who writes or deletes now
 * </pre>
 *
 * For any thread.
 */
public final class Vault implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Repository repository;
  private final RepositoryKeys keys;

  public Vault(Repository repository, RepositoryKeys keys) {
    this.repository = repository;
    this.keys = keys;
  }

  public Repository repository() {
    return repository;
  }

  public RepositoryKeys keys() {
    return keys;
  }

  /**
   * What storing an object took.
   *
   * @param name of the object
   * @param sentBytes 0 when it was there already
   */
  public record Stored(String name, long sentBytes) {}

  /** Stores an object under the name that its identity gives, unless it is there. */
  public Stored store(ObjectKind kind, byte[] identity, byte[] content) {
    String name = keys.objectName(kind, identity);
    if (repository.has(name)) {
      return new Stored(name, 0);
    }
    byte[] sealed = keys.seal(name, content);
    return new Stored(name, repository.put(name, sealed) ? sealed.length : 0);
  }

  /**
   * An object's content.
   *
   * @throws HoldfastException codes {@code object-missing}, {@code object-damaged}
   */
  public byte[] load(String name) {
    return keys.open(name, repository.get(name));
  }

  /** Stores something signed under a new name; returns the name. */
  public String publish(String prefix, byte[] content) {
    byte[] id = new byte[16];
    RANDOM.nextBytes(id);
    String name = prefix + "/" + HexFormat.of().formatHex(id);
    repository.put(name, keys.seal(name, keys.sign(content)));
    return name;
  }

  /**
   * Something signed.
   *
   * @throws HoldfastException codes {@code object-missing}, {@code object-damaged}, {@code
   *     signature-wrong}
   */
  public byte[] published(String name) {
    return keys.verified(load(name));
  }

  @Override
  public void close() {
    repository.close();
  }
}
