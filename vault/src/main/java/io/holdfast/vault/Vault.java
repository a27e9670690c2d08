package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

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
  private final @Nullable MasterKey master;

  /** Newer ones take their place when somebody has rotated them. */
  private volatile RepositoryKeys keys;

  /** Which {@code keys/N} they are; 0 for those that were never stored. */
  private volatile long keysNumber;

  /** With keys that are not stored in the repository. */
  public Vault(Repository repository, RepositoryKeys keys) {
    this.repository = repository;
    this.keys = keys;
    this.master = null;
  }

  private Vault(Repository repository, VaultKeys opened, MasterKey master) {
    this.repository = repository;
    this.keys = opened.keys();
    this.keysNumber = opened.object().number();
    this.master = master;
  }

  /**
   * Makes a repository of an empty place.
   *
   * @throws HoldfastException codes {@code repository-exists}, {@code repository-not-empty}
   */
  public static Vault create(Repository repository, MasterKey master) {
    return new Vault(
        repository, VaultKeys.create(repository, master, VaultKeys.FIRST_SLOT), master);
  }

  /**
   * Opens a repository.
   *
   * @throws HoldfastException codes {@code repository-missing}, {@code wrong-master-key}, {@code
   *     object-damaged}
   */
  public static Vault open(Repository repository, MasterKey master) {
    return new Vault(repository, VaultKeys.open(repository, master), master);
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
    byte[] sealed = repository.get(name);
    try {
      return keys.open(name, sealed);
    } catch (HoldfastException e) {
      if (!refreshed()) {
        throw e;
      }
      return keys.open(name, sealed);
    }
  }

  /**
   * Takes the newest keys, if somebody has rotated them since these were opened.
   *
   * @return whether there were newer ones
   */
  private boolean refreshed() {
    MasterKey opening = master;
    if (opening == null || !repository.has(KeysObject.name(keysNumber + 1))) {
      return false;
    }
    VaultKeys newest = VaultKeys.open(repository, opening);
    keys = newest.keys();
    keysNumber = newest.object().number();
    return true;
  }

  /**
   * Stores something signed under a new name; returns the name. Looks for rotated keys first, so
   * that a process that runs for long seals under new ones from its next backup on.
   */
  public String publish(String prefix, byte[] content) {
    refreshed();
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
    byte[] signed = load(name); // before keys are looked at: it may find newer ones
    return keys.verified(signed);
  }

  @Override
  public void close() {
    repository.close();
  }
}
