package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultKeysTest {
  private static final String FIRST = "keys/0000000001";
  private static final String SECOND = "keys/0000000002";
  private static final String OBJECT = "objects/ab/abcd";
  private static final byte[] CONTENT = "what was stored".getBytes(StandardCharsets.US_ASCII);

  private final ShelfRepository repository = new ShelfRepository(() -> 0);
  @TempDir private Path directory = Path.of("");
  private MasterKey key = new MasterKey.Kms("kept:none");

  @BeforeEach
  void aKeyFile() {
    key = keyFile("master");
  }

  @Test
  void each_kind_of_master_key_opens_what_it_made() {
    MasterKey passphrase = passphrase("correct horse battery staple");
    for (MasterKey master : List.of(passphrase, key, new MasterKey.Kms("kept:one"))) {
      ShelfRepository fresh = new ShelfRepository(() -> 0);
      byte[] sealed = VaultKeys.create(fresh, master, "main").keys().seal(OBJECT, CONTENT);
      VaultKeys opened = VaultKeys.open(fresh, master);
      assertThat(opened.keys().open(OBJECT, sealed)).isEqualTo(CONTENT);
      assertThat(opened.slot()).isEqualTo("main");
    }
  }

  @Test
  void a_wrong_master_key_is_told_what_would_open_the_repository() {
    VaultKeys.create(repository, key, "main").add("escrow", passphrase("zwölf Zeichen"));
    for (MasterKey wrong :
        List.of(keyFile("other"), passphrase("zwolf Zeichen"), new MasterKey.Kms("kept:two"))) {
      assertThatThrownBy(() -> VaultKeys.open(repository, wrong))
          .isInstanceOfSatisfying(
              HoldfastException.class,
              e -> {
                assertThat(e.code()).isEqualTo("wrong-master-key");
                assertThat(e.hint())
                    .contains("a key file (slot 'main')", "a passphrase (slot 'escrow')");
                assertThat(e.message() + e.hint()).doesNotContain("Zeichen");
              });
    }
  }

  @Test
  void a_place_that_was_never_initialised_is_said_to_be_none() {
    assertCode("repository-missing", () -> VaultKeys.open(repository, key));
    assertThatThrownBy(() -> Vault.open(repository, key))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.hint()).contains("holdfast backup init"));
  }

  @Test
  void a_repository_is_not_made_where_there_is_one_or_something_else() {
    VaultKeys.create(repository, key, "main");
    byte[] before = repository.get(FIRST);
    assertCode("repository-exists", () -> VaultKeys.create(repository, key, "main"));
    assertThat(repository.get(FIRST)).isEqualTo(before);
    ShelfRepository photos = new ShelfRepository(() -> 0);
    photos.put("holiday.jpg", CONTENT);
    assertCode("repository-not-empty", () -> Vault.create(photos, key));
    assertThat(photos.names()).containsExactly("holiday.jpg");
  }

  @Test
  void of_two_that_make_a_repository_at_once_one_is_refused() {
    ShelfRepository raced = new ShelfRepository(() -> 0);
    raced.beforePut(
        name -> {
          raced.beforePut(other -> {});
          VaultKeys.create(raced, key, "first");
        });
    assertCode("repository-exists", () -> VaultKeys.create(raced, key, "second"));
    assertThat(VaultKeys.open(raced, key).slot()).isEqualTo("first");
  }

  @Test
  void rotated_data_keys_seal_what_is_new_and_open_what_is_old_for_every_slot() {
    MasterKey other = keyFile("other");
    VaultKeys first = VaultKeys.create(repository, key, "main").add("other", other);
    byte[] old = first.keys().seal(OBJECT, CONTENT);
    byte[] fresh = first.rotate(null, true).keys().seal(OBJECT, CONTENT);
    for (MasterKey master : List.of(key, other)) {
      RepositoryKeys opened = VaultKeys.open(repository, master).keys();
      assertThat(opened.open(OBJECT, old)).isEqualTo(CONTENT);
      assertThat(opened.open(OBJECT, fresh)).isEqualTo(CONTENT);
      assertThat(opened.objectName(ObjectKind.PIECE, CONTENT))
          .isEqualTo(first.keys().objectName(ObjectKind.PIECE, CONTENT));
    }
    assertCode("object-damaged", () -> first.keys().open(OBJECT, fresh));
    assertThat(VaultKeys.open(repository, other).object().dataKeys()).isEqualTo(2);
  }

  @Test
  void a_new_master_key_takes_the_place_of_the_one_given() {
    MasterKey other = keyFile("other");
    byte[] sealed = VaultKeys.create(repository, key, "main").keys().seal(OBJECT, CONTENT);
    VaultKeys rotated = VaultKeys.open(repository, key).rotate(other, false);
    assertThat(rotated.object().slots()).hasSize(1);
    assertThat(VaultKeys.open(repository, other).keys().open(OBJECT, sealed)).isEqualTo(CONTENT);
    assertCode("wrong-master-key", () -> VaultKeys.open(repository, key));
    assertThat(rotated.rotate(null, true).object().number()).isEqualTo(3);
  }

  @Test
  void a_removed_slot_opens_nothing_that_comes_later_even_with_what_it_could_open_before()
      throws Exception {
    MasterKey leaver = keyFile("leaver");
    VaultKeys.create(repository, key, "main").add("leaver", leaver);
    KeysObject kept = KeysObject.parse(SECOND, repository.get(SECOND));
    KeysObject.Slot slot = kept.slots().get(1);
    SlotSecret secret = Objects.requireNonNull(SlotSecret.open(kept.repository(), slot, leaver));
    VaultKeys after = VaultKeys.open(repository, key).remove("leaver").rotate(null, true);
    assertCode("wrong-master-key", () -> VaultKeys.open(repository, leaver));
    KeysObject now = after.object();
    for (KeysObject.Slot left : now.slots()) {
      assertThatThrownBy(() -> secret.keys(now, left))
          .isInstanceOf(java.security.GeneralSecurityException.class);
    }
    byte[] fresh = after.keys().seal(OBJECT, CONTENT);
    RepositoryKeys stale = secret.keys(kept, slot);
    assertCode("object-damaged", () -> stale.open(OBJECT, fresh));
  }

  @Test
  void the_last_slot_is_never_removed_and_an_unknown_one_is_named() {
    VaultKeys keys = VaultKeys.create(repository, key, "main");
    assertCode("key-slot-last", () -> keys.remove("main"));
    assertCode("key-slot-unknown", () -> keys.remove("mian"));
    assertThat(repository.names()).containsExactly(FIRST);
  }

  @Test
  void a_slots_name_is_taken_once_and_has_few_letters() {
    VaultKeys keys = VaultKeys.create(repository, key, "main");
    assertCode("key-slot-exists", () -> keys.add("main", keyFile("other")));
    for (String name : List.of("", "Main", "a b", "-a", "ä", "a".repeat(33), "a/b")) {
      assertCode("malformed-slot-name", () -> keys.add(name, key));
    }
    VaultKeys full = keys;
    for (int i = 1; i < KeysObject.SLOTS_MAX; i++) {
      full = full.add("s" + i, new MasterKey.Kms("kept:" + i));
    }
    VaultKeys now = full;
    assertCode("key-slots-full", () -> now.add("one-more", key));
  }

  @Test
  void changes_at_once_are_all_made_one_upon_the_other() throws Exception {
    VaultKeys keys = VaultKeys.create(repository, key, "main");
    byte[] sealed = keys.keys().seal(OBJECT, CONTENT);
    int changes = 8;
    CountDownLatch begin = new CountDownLatch(1);
    List<Future<VaultKeys>> made = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(changes)) {
      for (int i = 0; i < changes; i++) {
        String name = "s" + i;
        boolean data = i % 2 == 0;
        Callable<VaultKeys> change =
            () -> {
              begin.await();
              return data
                  ? keys.rotate(null, true)
                  : keys.add(name, new MasterKey.Kms("kept:" + name));
            };
        made.add(threads.submit(change));
      }
      begin.countDown();
      Set<Long> numbers = new HashSet<>();
      for (Future<VaultKeys> change : made) {
        numbers.add(change.get().object().number());
      }
      assertThat(numbers).hasSize(changes);
    }
    VaultKeys now = VaultKeys.open(repository, key);
    assertThat(now.object().number()).isEqualTo(1 + changes);
    assertThat(now.object().dataKeys()).isEqualTo(1 + changes / 2);
    assertThat(now.object().slots()).hasSize(1 + changes / 2);
    for (Future<VaultKeys> change : made) {
      byte[] theirs = change.get().keys().seal(OBJECT, CONTENT);
      assertThat(now.keys().open(OBJECT, theirs)).isEqualTo(CONTENT);
    }
    assertThat(now.keys().open(OBJECT, sealed)).isEqualTo(CONTENT);
  }

  @Test
  void of_two_that_replace_the_same_master_key_the_loser_is_told() {
    VaultKeys one = VaultKeys.create(repository, key, "main");
    repository.beforePut(
        name -> {
          repository.beforePut(other -> {});
          one.rotate(keyFile("winner"), false);
        });
    assertCode("wrong-master-key", () -> one.rotate(keyFile("loser"), false));
    assertThat(VaultKeys.open(repository, new MasterKey.KeyFile(directory.resolve("winner"))))
        .isNotNull();
  }

  @Test
  void a_running_process_goes_on_with_rotated_keys() {
    Vault running = Vault.create(repository, key);
    VaultKeys.open(repository, key).rotate(null, true);
    Vault other = Vault.open(repository, key);
    String name = other.publish("backups", CONTENT);
    assertThat(running.published(name)).isEqualTo(CONTENT);
    VaultKeys again = VaultKeys.open(repository, key);
    again.rotate(null, true);
    String later = running.publish("backups", CONTENT);
    assertThat(Vault.open(repository, key).published(later)).isEqualTo(CONTENT);
    assertCode("object-damaged", () -> again.keys().open(later, repository.get(later)));
  }

  @Test
  void a_changed_byte_of_the_keys_object_is_noticed_and_the_object_named() {
    VaultKeys.create(repository, key, "main").add("kms", new MasterKey.Kms("kept:one"));
    byte[] whole = repository.get(SECOND);
    int harmless = 0;
    for (int i = 0; i < whole.length; i += 3) {
      byte[] flipped = whole.clone();
      flipped[i] ^= 1;
      repository.replace(SECOND, flipped);
      try {
        VaultKeys.open(repository, key);
        harmless++;
      } catch (HoldfastException e) {
        assertThat(e.code()).isIn("object-damaged", "wrong-master-key", "format-unknown");
        if (!e.code().equals("wrong-master-key")) {
          assertThat(e.message()).contains(SECOND);
        }
      }
    }
    // only what is sealed for the other slot is not read
    KeysObject object = KeysObject.parse(SECOND, whole);
    assertThat(harmless).isLessThanOrEqualTo(object.slots().get(1).keys().length());
    for (int bytes : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
      repository.replace(SECOND, java.util.Arrays.copyOf(whole, bytes));
      assertCode("object-damaged", () -> VaultKeys.open(repository, key));
    }
  }

  @Test
  void keys_that_a_stranger_seals_to_a_slot_are_not_taken() {
    VaultKeys.create(repository, key, "main");
    KeysObject first = KeysObject.parse(FIRST, repository.get(FIRST));
    KeysObject forged =
        SlotSecret.sealed(
            new KeysObject(1, first.repository(), 2, 0, 1, 0, first.slots()),
            RepositoryKeys.create(),
            new byte[SlotSecret.REPOSITORY_SECRET_BYTES]);
    repository.put(SECOND, forged.bytes());
    assertCode("object-damaged", () -> VaultKeys.open(repository, key));
  }

  @Test
  void a_slot_that_a_stranger_puts_in_gets_no_keys() {
    VaultKeys.create(repository, key, "main");
    KeysObject first = KeysObject.parse(FIRST, repository.get(FIRST));
    List<KeysObject.Slot> slots = new ArrayList<>(first.slots());
    slots.add(
        SlotSecret.newSlot(first.repository(), "intruder", keyFile("intruder"), new byte[32], 0));
    KeysObject forged =
        new KeysObject(1, first.repository(), 1, first.writtenAt(), 1, first.dataKeySince(), slots);
    repository.replace(FIRST, forged.bytes());
    assertCode("object-damaged", () -> VaultKeys.open(repository, key).rotate(null, true));
  }

  @Test
  void older_keys_under_a_higher_number_are_not_taken() throws IOException {
    VaultKeys.create(repository, key, "main");
    ObjectNode copied = (ObjectNode) Manifests.JSON.readTree(repository.get(FIRST));
    repository.put(SECOND, Manifests.JSON.writeValueAsBytes(copied));
    assertCode("object-damaged", () -> VaultKeys.open(repository, key));
    repository.replace(SECOND, Manifests.JSON.writeValueAsBytes(copied.put("number", 2)));
    assertCode("object-damaged", () -> VaultKeys.open(repository, key));
  }

  @Test
  void the_newest_keys_are_found_though_the_listing_lacks_them() {
    HookedRepository hooked = new HookedRepository(repository);
    var _ = VaultKeys.create(hooked, key, "main").rotate(null, true);
    hooked.hide(SECOND::equals);
    assertThat(VaultKeys.open(hooked, key).keys().dataKeyCount()).isEqualTo(2);
  }

  @Test
  void keys_of_a_later_format_say_so() throws IOException {
    VaultKeys.create(repository, key, "main");
    ObjectNode later = (ObjectNode) Manifests.JSON.readTree(repository.get(FIRST));
    repository.replace(FIRST, Manifests.JSON.writeValueAsBytes(later.put("format", 2)));
    assertCode("format-unknown", () -> VaultKeys.open(repository, key));
  }

  @Test
  void a_key_service_that_is_not_there_is_told_from_a_wrong_key() {
    assertCode(
        "key-service-unknown",
        () -> VaultKeys.create(repository, new MasterKey.Kms("aws-kms://x"), "main"));
    assertCode(
        "key-service-unavailable",
        () -> VaultKeys.create(repository, new MasterKey.Kms("kept:away"), "main"));
    assertThat(repository.names()).isEmpty();
  }

  @Test
  void a_key_file_is_made_once_and_read_by_its_owner_alone() throws IOException {
    Path file = directory.resolve("new.key");
    MasterKeyFiles.create(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    String text = Files.readString(file);
    assertThat(text.lines().toList().getLast()).matches("[0-9a-f]{64}");
    assertCode("key-file-exists", () -> MasterKeyFiles.create(file));
    assertThat(Files.readString(file)).isEqualTo(text);
    VaultKeys.create(repository, new MasterKey.KeyFile(file), "main");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertCode("key-file-exposed", () -> VaultKeys.open(repository, new MasterKey.KeyFile(file)));
    assertCode(
        "key-file-missing",
        () -> VaultKeys.open(repository, new MasterKey.KeyFile(directory.resolve("gone"))));
    assertCode(
        "key-file-unwritable", () -> MasterKeyFiles.create(directory.resolve("no/such/dir")));
  }

  @Test
  void a_key_file_that_is_cut_or_something_else_is_refused() throws IOException {
    for (String text : List.of("", "# only a comment\n", "00".repeat(31), "0g".repeat(32))) {
      Path file = secret("odd", text);
      assertCode("key-file-damaged", () -> MasterKeyFiles.key(file));
    }
    assertThat(MasterKeyFiles.key(secret("odd", "0A".repeat(32) + "\r\n")))
        .containsOnly(10)
        .hasSize(32);
  }

  @Test
  void a_passphrase_is_the_first_line_of_its_file() throws IOException {
    VaultKeys.create(repository, passphrase("grüner Tee um vier"), "main");
    Path file = secret("pass", "grüner Tee um vier\nsecond line\n");
    assertThat(VaultKeys.open(repository, MasterKey.Passphrase.read(file)).slot())
        .isEqualTo("main");
    assertCode("malformed-passphrase", () -> MasterKey.Passphrase.read(secret("pass", "\nabc\n")));
    assertCode("malformed-passphrase", () -> passphrase("x".repeat(1025)));
    assertCode("weak-passphrase", () -> passphrase("elevencharx").refuseIfWeak());
    passphrase("twelvechars!").refuseIfWeak();
  }

  @Test
  void no_secret_is_shown() throws IOException {
    MasterKey secret = passphrase("do not show this");
    VaultKeys keys = VaultKeys.create(repository, secret, "main");
    String shown = secret + " " + keys + " " + keys.keys() + " " + secret.words();
    assertThat(shown).doesNotContain("do not show");
    assertThat(new String(repository.get(FIRST), StandardCharsets.UTF_8))
        .doesNotContain("do not show");
  }

  private MasterKey keyFile(String name) {
    Path file = directory.resolve(name);
    MasterKeyFiles.create(file);
    return new MasterKey.KeyFile(file);
  }

  private Path secret(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private static MasterKey.Passphrase passphrase(String words) {
    return new MasterKey.Passphrase(words.toCharArray());
  }

  private static void assertCode(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(HoldfastException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
