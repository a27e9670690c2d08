package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.Repository.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every repository promises; each kind runs these tests. */
abstract class RepositoryContract {
  private static final int LARGE_BYTES = 16 << 20;
  private static final int RACERS = 8;
  private static final int RACES = 10;
  private static final int MANY = 300;

  /** A repository that holds nothing; for each test another one. */
  abstract Repository repository();

  /** The same place once more, as another process would open it. */
  abstract Repository again();

  static byte[] random(int bytes, long seed) {
    byte[] content = new byte[bytes];
    new Random(seed).nextBytes(content);
    return content;
  }

  static String codeOf(Throwable thrown) {
    return ((HoldfastException) thrown).code();
  }

  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void what_is_put_is_got_back() {
    byte[] content = random(100_000, 1);
    assertThat(repository().put("objects/ab/abcd", content)).isTrue();
    assertThat(repository().get("objects/ab/abcd")).isEqualTo(content);
    assertThat(again().get("objects/ab/abcd")).isEqualTo(content);
  }

  @Test
  void an_object_can_be_empty() {
    assertThat(repository().put("holds/empty", new byte[0])).isTrue();
    assertThat(repository().get("holds/empty")).isEmpty();
    assertThat(repository().has("holds/empty")).isTrue();
    assertThat(repository().put("holds/empty", text("more"))).isFalse();
  }

  @Test
  void an_object_can_be_large() {
    byte[] content = random(LARGE_BYTES, 2);
    assertThat(repository().put("objects/ff/large", content)).isTrue();
    assertThat(repository().get("objects/ff/large")).isEqualTo(content);
    assertThat(repository().list("objects/ff/").getFirst().sizeBytes()).isEqualTo(LARGE_BYTES);
  }

  @Test
  void every_byte_comes_back_as_it_was() {
    byte[] content = new byte[1024];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) i;
    }
    repository().put("keys/1", content);
    assertThat(again().get("keys/1")).isEqualTo(content);
  }

  @Test
  void the_first_one_stays() {
    assertThat(repository().put("keys/1", text("first"))).isTrue();
    assertThat(repository().put("keys/1", text("second"))).isFalse();
    assertThat(again().put("keys/1", text("third, which is longer"))).isFalse();
    assertThat(repository().get("keys/1")).isEqualTo(text("first"));
  }

  @Test
  void of_all_who_race_for_a_name_one_wins_and_the_object_is_its() throws Exception {
    for (int race = 0; race < RACES; race++) {
      String name = "objects/aa/race-" + race;
      List<Callable<Boolean>> racers = new ArrayList<>();
      List<byte[]> contents = new ArrayList<>();
      for (int i = 0; i < RACERS; i++) {
        byte[] content = random(10_000 + i, i);
        Repository mine = i % 2 == 0 ? repository() : again();
        contents.add(content);
        racers.add(() -> mine.put(name, content));
      }
      List<byte[]> winners = new ArrayList<>();
      try (ExecutorService threads = Executors.newFixedThreadPool(RACERS)) {
        List<Future<Boolean>> results = threads.invokeAll(racers);
        for (int i = 0; i < RACERS; i++) {
          if (results.get(i).get()) {
            winners.add(contents.get(i));
          }
        }
      }
      assertThat(winners).hasSize(1);
      assertThat(repository().get(name)).isEqualTo(winners.getFirst());
    }
  }

  @Test
  void what_is_not_there_is_missing() {
    assertThat(repository().has("objects/ab/none")).isFalse();
    assertThatThrownBy(() -> repository().get("objects/ab/none"))
        .isInstanceOf(HoldfastException.class)
        .hasMessageContaining("objects/ab/none")
        .hasMessageContaining(repository().describe())
        .extracting(RepositoryContract::codeOf)
        .isEqualTo("object-missing");
    assertThat(repository().list("objects/")).isEmpty();
  }

  @Test
  void what_is_there_is_had() {
    repository().put("backups/1", text("1"));
    assertThat(repository().has("backups/1")).isTrue();
    assertThat(repository().has("backups/11")).isFalse();
    assertThat(repository().has("backups")).isFalse();
  }

  @Test
  void what_is_deleted_is_gone_and_its_name_free() {
    repository().put("writers/1", text("1"));
    repository().put("writers/2", text("2"));
    repository().delete("writers/1");
    assertThat(repository().has("writers/1")).isFalse();
    assertThat(repository().has("writers/2")).isTrue();
    assertThat(repository().list("")).extracting(StoredObject::name).containsExactly("writers/2");
    assertThat(repository().put("writers/1", text("new"))).isTrue();
    assertThat(again().get("writers/1")).isEqualTo(text("new"));
  }

  @Test
  void what_is_not_there_can_be_deleted() {
    repository().delete("writers/none");
    assertThat(repository().has("writers/none")).isFalse();
  }

  @Test
  void a_listing_is_in_order_and_has_what_begins_so() {
    for (String name :
        List.of("backups/b", "objects/ab/2", "objects/ab/1", "objects/a-b", "backups/a", "z")) {
      repository().put(name, text(name));
    }
    assertThat(names(""))
        .containsExactly(
            "backups/a", "backups/b", "objects/a-b", "objects/ab/1", "objects/ab/2", "z");
    assertThat(names("backups/")).containsExactly("backups/a", "backups/b");
    assertThat(names("objects/ab/")).containsExactly("objects/ab/1", "objects/ab/2");
    assertThat(names("objects/a")).containsExactly("objects/a-b", "objects/ab/1", "objects/ab/2");
    assertThat(names("objects/ab/1")).containsExactly("objects/ab/1");
    assertThat(names("backups/c")).isEmpty();
    assertThat(names("nothing/at/all")).isEmpty();
  }

  @Test
  void a_listing_has_all_of_many() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(RACERS)) {
      List<Callable<Boolean>> puts = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        String name = "objects/%02x/%04d".formatted(i % 7, i);
        byte[] content = random(i, i);
        puts.add(() -> repository().put(name, content));
      }
      for (Future<Boolean> put : threads.invokeAll(puts)) {
        assertThat(put.get()).isTrue();
      }
    }
    List<StoredObject> listed = again().list("objects/");
    assertThat(listed).hasSize(MANY);
    assertThat(listed).extracting(StoredObject::name).isSorted().doesNotHaveDuplicates();
    assertThat(listed.stream().mapToLong(StoredObject::sizeBytes).sum())
        .isEqualTo(IntStream.range(0, MANY).sum());
    assertThat(repository().list("objects/03/")).hasSize(MANY / 7 + 1);
  }

  @Test
  void a_listing_says_when_an_object_was_stored() {
    long before = System.currentTimeMillis();
    repository().put("writers/1", text("1"));
    long after = System.currentTimeMillis();
    long stored = repository().list("writers/").getFirst().storedMillis();
    assertThat(stored).isBetween(before - 2_000, after + 2_000); // some stores tell seconds
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/etc/passwd",
        "a/",
        "a//b",
        "..",
        "../a",
        "a/../b",
        "a/./b",
        ".hidden",
        "a/.b",
        "A",
        "a b",
        "a\\b",
        "a\u0000b",
        "ä",
        "a\n",
        "a?b",
        "a%2fb",
        "a+b",
        "a_b"
      })
  void other_names_are_refused(String name) {
    List<Runnable> calls =
        List.of(
            () -> repository().put(name, text("x")),
            () -> repository().get(name),
            () -> repository().has(name),
            () -> repository().delete(name));
    for (Runnable call : calls) {
      assertThatThrownBy(call::run)
          .isInstanceOf(HoldfastException.class)
          .extracting(RepositoryContract::codeOf)
          .isEqualTo("malformed-object-name");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "../", "a/../", "A", "a//", ".x", "*"})
  void other_prefixes_are_refused(String prefix) {
    assertThatThrownBy(() -> repository().list(prefix))
        .isInstanceOf(HoldfastException.class)
        .extracting(RepositoryContract::codeOf)
        .isEqualTo("malformed-object-name");
  }

  private List<String> names(String prefix) {
    return repository().list(prefix).stream().map(StoredObject::name).toList();
  }
}
