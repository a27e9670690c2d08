package io.holdfast.vault;

import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a repository as one master key opened them, and what can be changed about them: slots
 * for other master keys, and new keys for data. Each change is a new object that can only be
 * created, so that of two at once one is made upon the other. Immutable, for any thread.
 */
public final class VaultKeys {
  /** What the first slot is called if nobody says otherwise. */
  public static final String FIRST_SLOT = "main";

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Clock CLOCK = new SystemClock();

  private final Repository repository;
  private final MasterKey master;
  private final KeysObject object;
  private final String slot;
  private final byte[] repositorySecret;
  private final RepositoryKeys keys;

  private VaultKeys(
      Repository repository,
      MasterKey master,
      KeysObject object,
      String slot,
      byte[] repositorySecret,
      RepositoryKeys keys) {
    this.repository = repository;
    this.master = master;
    this.object = object;
    this.slot = slot;
    this.repositorySecret = repositorySecret;
    this.keys = keys;
  }

  /**
   * Makes the keys of a new repository.
   *
   * @throws HoldfastException codes {@code repository-exists}, {@code repository-not-empty}
   */
  public static VaultKeys create(Repository repository, MasterKey master, String slotName) {
    if (repository.has(KeysObject.name(1))) {
      throw exists(repository);
    }
    List<Repository.StoredObject> there = repository.list("");
    if (!there.isEmpty()) {
      throw new HoldfastException(
          "repository-not-empty",
          repository.describe()
              + " holds "
              + there.size()
              + " objects that are no repository's, such as "
              + there.getFirst().name(),
          "choose an empty directory or another prefix; nothing was written");
    }
    byte[] id = random(16);
    String repositoryId = HexFormat.of().formatHex(id);
    byte[] secret = random(SlotSecret.REPOSITORY_SECRET_BYTES);
    long now = CLOCK.wallNanos();
    RepositoryKeys keys = RepositoryKeys.create();
    KeysObject object =
        SlotSecret.sealed(
            new KeysObject(
                KeysObject.FORMAT,
                repositoryId,
                1,
                now,
                keys.dataKeyCount(),
                now,
                List.of(SlotSecret.newSlot(repositoryId, slotName, master, secret, now))),
            keys,
            secret);
    if (!repository.put(KeysObject.name(1), object.bytes())) {
      throw exists(repository);
    }
    return new VaultKeys(repository, master, object, slotName, secret, keys);
  }

  /**
   * Opens the newest keys of a repository.
   *
   * @throws HoldfastException codes {@code repository-missing}, {@code wrong-master-key}, {@code
   *     object-damaged}
   */
  public static VaultKeys open(Repository repository, MasterKey master) {
    KeysObject object = stored(repository);
    for (KeysObject.Slot slot : object.slots()) {
      if (!slot.lock().mayFit(master)) {
        continue;
      }
      SlotSecret secret = SlotSecret.open(object.repository(), slot, master);
      if (secret != null) {
        try {
          return new VaultKeys(
              repository,
              master,
              object,
              slot.name(),
              secret.repositorySecret(),
              secret.keys(object, slot));
        } catch (GeneralSecurityException e) {
          throw KeysObject.damaged(
              KeysObject.name(object.number()),
              "slot '" + slot.name() + "' opens, but not all of it is what was written",
              e);
        }
      }
    }
    throw new HoldfastException(
        "wrong-master-key",
        master.words() + " does not open " + repository.describe(),
        "it is opened by "
            + object.slots().stream()
                .map(s -> s.lock().kind().words() + " (slot '" + s.name() + "'" + uri(s) + ")")
                .collect(Collectors.joining(", or by ")));
  }

  public RepositoryKeys keys() {
    return keys;
  }

  /** What is stored: in clear, who else can open it. */
  public KeysObject object() {
    return object;
  }

  /** The slot that the master key opened. */
  public String slot() {
    return slot;
  }

  /**
   * Opens one of the backups that are listed.
   *
   * @return its name; empty when there is none
   * @throws HoldfastException codes {@code object-damaged}, {@code signature-wrong}
   */
  public String opensOneBackup() {
    List<Repository.StoredObject> backups = repository.list(Manifests.PREFIX + "/");
    if (backups.isEmpty()) {
      return "";
    }
    String name = backups.getLast().name();
    keys.verified(keys.open(name, repository.get(name)));
    return name;
  }

  /** Whether somebody has changed the keys since. */
  boolean outdated() {
    return repository.has(KeysObject.name(object.number() + 1));
  }

  /** Opens again what is newest now. */
  VaultKeys reopened() {
    return open(repository, master);
  }

  /**
   * One more master key that opens the repository.
   *
   * @throws HoldfastException codes {@code key-slot-exists}, {@code key-slots-full}
   */
  public VaultKeys add(String name, MasterKey added) {
    KeysObject.checkName(name);
    return changed(
        now -> {
          List<KeysObject.Slot> slots = new ArrayList<>(now.object.slots());
          if (slots.stream().anyMatch(slot -> slot.name().equals(name))) {
            throw new HoldfastException(
                "key-slot-exists",
                "there is a key slot '" + name + "'",
                "choose another name, or remove that slot first");
          }
          if (slots.size() == KeysObject.SLOTS_MAX) {
            throw new HoldfastException(
                "key-slots-full",
                "there are " + KeysObject.SLOTS_MAX + " key slots; allowed: no more",
                "remove one that nobody needs: 'holdfast backup key list' shows them");
          }
          slots.add(now.newSlot(name, added));
          return now.next(slots, now.keys, master);
        });
  }

  /**
   * Takes away a master key's slot: it opens nothing that is sealed under later keys. What it could
   * open until now it still can, for whoever kept a copy.
   *
   * @throws HoldfastException codes {@code key-slot-unknown}, {@code key-slot-last}
   */
  public VaultKeys remove(String name) {
    return changed(
        now -> {
          List<KeysObject.Slot> slots = new ArrayList<>(now.object.slots());
          if (!slots.removeIf(slot -> slot.name().equals(name))) {
            throw new HoldfastException(
                "key-slot-unknown",
                "there is no key slot '" + name + "'",
                "there are: "
                    + slots.stream().map(KeysObject.Slot::name).collect(Collectors.joining(", ")));
          }
          if (slots.isEmpty()) {
            throw new HoldfastException(
                "key-slot-last",
                "'" + name + "' is the last key slot: without it nobody could open the repository",
                "add another master key first");
          }
          return now.next(slots, now.keys, master);
        });
  }

  /**
   * Puts a new master key in the place of the one given, makes new keys for data, or both.
   *
   * @param newMaster null to leave the master key as it is
   */
  public VaultKeys rotate(@Nullable MasterKey newMaster, boolean data) {
    return changed(
        now -> {
          List<KeysObject.Slot> slots = new ArrayList<>(now.object.slots());
          if (newMaster != null) {
            slots.replaceAll(s -> s.name().equals(now.slot) ? now.newSlot(now.slot, newMaster) : s);
          }
          return now.next(
              slots,
              data ? now.keys.rotated() : now.keys,
              newMaster == null ? now.master : newMaster);
        });
  }

  @Override
  public String toString() {
    return "VaultKeys[" + KeysObject.name(object.number()) + " by slot " + slot + "]";
  }

  private interface Change {
    VaultKeys upon(VaultKeys now);
  }

  /** Makes the change upon the newest keys, again if another came first. */
  private VaultKeys changed(Change change) {
    VaultKeys now = outdated() ? reopened() : this;
    while (true) {
      VaultKeys next = change.upon(now);
      if (repository.put(KeysObject.name(next.object.number()), next.object.bytes())) {
        return next;
      }
      now = now.reopened();
    }
  }

  private KeysObject.Slot newSlot(String name, MasterKey added) {
    return SlotSecret.newSlot(
        object.repository(), name, added, repositorySecret, CLOCK.wallNanos());
  }

  private VaultKeys next(
      List<KeysObject.Slot> slots, RepositoryKeys nextKeys, MasterKey nextMaster) {
    long now = CLOCK.wallNanos();
    boolean sameData = nextKeys.dataKeyCount() == object.dataKeys();
    KeysObject next =
        new KeysObject(
            KeysObject.FORMAT,
            object.repository(),
            object.number() + 1,
            now,
            nextKeys.dataKeyCount(),
            sameData ? object.dataKeySince() : now,
            slots);
    return new VaultKeys(
        repository,
        nextMaster,
        SlotSecret.sealed(next, nextKeys, repositorySecret),
        slot,
        repositorySecret,
        nextKeys);
  }

  /**
   * What a repository says of its keys, in clear; nothing of it is proved until a master key opens
   * it. It is the object with the highest number; a listing is only where the search begins.
   *
   * @throws HoldfastException codes {@code repository-missing}, {@code object-damaged}
   */
  public static KeysObject stored(Repository repository) {
    long number = 0;
    for (Repository.StoredObject stored : repository.list(KeysObject.PREFIX)) {
      if (stored.name().matches(KeysObject.PREFIX + "[0-9]{10}")) {
        number = Long.parseLong(stored.name().substring(KeysObject.PREFIX.length()));
      }
    }
    while (repository.has(KeysObject.name(number + 1))) {
      number++;
    }
    if (number == 0) {
      throw new HoldfastException(
          "repository-missing",
          repository.describe() + " is no repository: it has no keys",
          "make one with 'holdfast backup init', or correct the location");
    }
    String name = KeysObject.name(number);
    return KeysObject.parse(name, repository.get(name));
  }

  private static HoldfastException exists(Repository repository) {
    return new HoldfastException(
        "repository-exists",
        repository.describe() + " is a repository already; nothing was changed",
        "use it as it is; 'holdfast backup key check' says whether your master key opens it");
  }

  private static String uri(KeysObject.Slot slot) {
    return slot.lock().uri() == null ? "" : ", " + slot.lock().uri();
  }

  private static byte[] random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return random;
  }
}
