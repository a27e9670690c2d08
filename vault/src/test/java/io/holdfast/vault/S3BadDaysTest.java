package io.holdfast.vault;

import static io.holdfast.vault.RepositoryContract.random;
import static io.holdfast.vault.RepositoryContract.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.HostileHttp.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A store that does not answer, answers slowly, or half: a call succeeds truly or says that the
 * repository is not available, never gives other bytes, and never leaves half an object.
 */
class S3BadDaysTest {
  private static final String NAME = "objects/ab/abcd";
  private static final byte[] CONTENT = random(200_000, 5);
  private static final Attempts.Patience SHORT =
      new Attempts.Patience(20_000, 600, 1_000, 64 << 20, 10, 100);
  private static final Attempts.Patience LONG =
      new Attempts.Patience(20_000, 20_000, 20_000, 128 << 10, 10, 100);
  // A call may begin its last attempt when its time is nearly over; a machine may be busy.
  private static final Duration BOUND = Duration.ofSeconds(20);

  @TempDir static Path directory;
  private static S3Server server;

  private HostileHttp http;
  private RepositoryLocation.InBucket location;
  private Repository direct;

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.start(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void open() {
    String prefix = UUID.randomUUID().toString();
    http = HostileHttp.before(server.port());
    location = S3Server.location(http.url(), prefix);
    direct =
        Buckets.open(
            S3Server.location(server.url(), prefix),
            S3Server.CREDENTIALS,
            Attempts.Patience.DEFAULT);
  }

  @AfterEach
  void close() {
    direct.close();
    http.close();
  }

  private Repository repository(Attempts.Patience patience) {
    return Buckets.open(location, S3Server.CREDENTIALS, patience);
  }

  /** One that knows by now what the store can. */
  private Repository acquainted(Attempts.Patience patience) {
    Repository repository = repository(patience);
    repository.put("keys/1", text("1"));
    return repository;
  }

  private static void assertUnavailable(Runnable call) {
    Instant start = Instant.now();
    assertThatThrownBy(call::run)
        .isInstanceOf(HoldfastException.class)
        .extracting(RepositoryContract::codeOf)
        .isEqualTo("repository-unavailable");
    assertThat(Duration.between(start, Instant.now())).isLessThan(BOUND);
  }

  @Test
  void a_store_that_is_busy_for_a_while_is_asked_again() {
    try (Repository repository = acquainted(LONG)) {
      http.next(
          "PUT",
          Fault.error(503, "SlowDown"),
          Fault.error(500, "InternalError"),
          Fault.error(429, "TooManyRequests"),
          Fault.error(400, "RequestTimeout"),
          Fault.error(409, "ConditionalRequestConflict"));
      assertThat(repository.put(NAME, CONTENT)).isTrue();
      http.next("GET", Fault.error(503, "SlowDown"), Fault.error(503, "SlowDown"));
      assertThat(repository.get(NAME)).isEqualTo(CONTENT);
      http.next("HEAD", new Fault.Answer(503, Map.of(), new byte[0]));
      assertThat(repository.has(NAME)).isTrue();
      http.next("GET", Fault.error(503, "SlowDown"));
      assertThat(repository.list("objects/")).hasSize(1);
      http.next("DELETE", Fault.error(503, "SlowDown"));
      repository.delete(NAME);
      assertThat(direct.has(NAME)).isFalse();
    }
  }

  @Test
  void a_store_that_stays_busy_is_unavailable_in_bounded_time() {
    try (Repository repository = acquainted(SHORT)) {
      http.rule(request -> Fault.error(503, "SlowDown"));
      assertEveryCallIsUnavailable(repository);
    }
    assertThat(direct.has(NAME)).isFalse();
  }

  @Test
  void a_store_that_is_silent_is_unavailable_in_bounded_time() {
    try (Repository repository = acquainted(SHORT)) {
      http.rule(request -> new Fault.Silence());
      assertEveryCallIsUnavailable(repository);
    }
  }

  @Test
  void a_store_that_is_down_is_unavailable_in_bounded_time() {
    try (Repository repository = acquainted(SHORT)) {
      http.close();
      assertEveryCallIsUnavailable(repository);
    }
  }

  private static void assertEveryCallIsUnavailable(Repository repository) {
    assertUnavailable(() -> repository.put(NAME, CONTENT));
    assertUnavailable(() -> repository.get("keys/1"));
    assertUnavailable(() -> repository.has("keys/1"));
    assertUnavailable(() -> repository.list(""));
    assertUnavailable(() -> repository.delete("keys/1"));
  }

  @Test
  void an_answer_that_drips_is_not_waited_for() {
    direct.put(NAME, CONTENT);
    try (Repository repository = acquainted(SHORT)) {
      http.rule(request -> new Fault.SlowAnswer(100));
      assertUnavailable(() -> repository.get(NAME));
    }
  }

  @Test
  void an_answer_that_is_slow_is_waited_for() {
    byte[] content = random(3_000, 1);
    direct.put(NAME, content);
    try (Repository repository = acquainted(LONG)) {
      http.rule(request -> new Fault.SlowAnswer(4_000));
      assertThat(repository.get(NAME)).isEqualTo(content);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 300, 1_000, 100_000, 200_000})
  void half_an_object_is_never_taken_for_it(int bytes) {
    direct.put(NAME, CONTENT);
    try (Repository repository = acquainted(LONG)) {
      http.next("GET", new Fault.CutAnswer(bytes), new Fault.CutAnswer(bytes + 1));
      assertThat(repository.get(NAME)).isEqualTo(CONTENT);
    }
    try (Repository repository = acquainted(SHORT)) {
      http.rule(request -> new Fault.CutAnswer(bytes));
      assertUnavailable(() -> repository.get(NAME));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_000, 150_000, 199_999})
  void half_an_upload_is_no_object(int bytes) {
    try (Repository repository = acquainted(SHORT)) {
      http.rule(request -> request.is("PUT") ? new Fault.CutUpload(bytes) : Fault.NONE);
      assertUnavailable(() -> repository.put(NAME, CONTENT));
      assertThat(direct.has(NAME)).isFalse();
      assertThat(direct.list("objects/")).isEmpty();
    }
    try (Repository repository = acquainted(LONG)) {
      http.next("PUT", new Fault.CutUpload(bytes), new Fault.CutUpload(bytes));
      assertThat(repository.put(NAME, CONTENT)).isTrue();
      assertThat(direct.get(NAME)).isEqualTo(CONTENT);
    }
  }

  @Test
  void a_put_whose_answer_is_lost_knows_its_own_object() {
    try (Repository repository = acquainted(LONG)) {
      http.next("PUT", new Fault.CutAnswer(0));
      assertThat(repository.put(NAME, CONTENT)).isTrue();
      assertThat(http.seen("PUT").stream().filter(put -> put.path().endsWith(NAME))).hasSize(2);
      assertThat(direct.get(NAME)).isEqualTo(CONTENT);
      assertThat(repository.put(NAME, CONTENT)).isFalse();
    }
  }

  @Test
  void a_put_whose_answer_is_lost_does_not_take_anothers_object_for_its_own() {
    direct.put(NAME, CONTENT);
    try (Repository repository = acquainted(LONG)) {
      http.next("PUT", new Fault.CutAnswer(0));
      assertThat(repository.put(NAME, CONTENT)).isFalse();
    }
    try (Repository repository = repository(LONG)) { // does not know yet what the store can
      http.next("PUT", new Fault.CutAnswer(0));
      assertThat(repository.put(NAME, CONTENT)).isFalse();
    }
  }

  @Test
  void other_bytes_are_asked_for_again_and_in_the_end_named() {
    direct.put(NAME, CONTENT);
    try (Repository repository = acquainted(LONG)) {
      http.next("GET", new Fault.Flip(0), new Fault.Flip(199_999));
      assertThat(repository.get(NAME)).isEqualTo(CONTENT);
    }
    try (Repository repository = acquainted(SHORT)) {
      http.rule(request -> new Fault.Flip(77_777));
      assertThatThrownBy(() -> repository.get(NAME))
          .hasMessageContaining(NAME)
          .extracting(RepositoryContract::codeOf)
          .isEqualTo("object-damaged");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 200, 500, 900})
  void half_a_listing_is_never_taken_for_it(int bytes) {
    for (int i = 0; i < 20; i++) {
      direct.put("objects/" + i, text("1"));
    }
    try (Repository repository = acquainted(LONG)) {
      http.next("GET", new Fault.CutAnswer(bytes));
      assertThat(repository.list("objects/")).hasSize(20);
    }
    try (Repository repository = acquainted(SHORT)) {
      http.rule(request -> new Fault.CutAnswer(bytes));
      assertUnavailable(() -> repository.list("objects/"));
    }
  }

  /** What a lottery does to a call. */
  enum Lot {
    PUT,
    GET,
    HAS,
    LIST
  }

  @ParameterizedTest
  @EnumSource(Lot.class)
  void whatever_the_store_does_a_call_is_true_or_unavailable(Lot lot) {
    byte[] content = random(20_000, 9);
    direct.put(NAME, content);
    int answered = 0;
    try (Repository repository = acquainted(SHORT)) {
      for (int seed = 0; seed < 25; seed++) {
        Random random = new Random(seed);
        http.rule(request -> fault(random));
        String fresh = "objects/cd/" + seed;
        try {
          switch (lot) {
            case PUT -> {
              boolean first = repository.put(fresh, content);
              assertThat(first).as("seed %d", seed).isTrue();
              assertThat(direct.has(fresh)).as("seed %d", seed).isTrue();
            }
            case GET -> assertThat(repository.get(NAME)).as("seed %d", seed).isEqualTo(content);
            case HAS -> {
              assertThat(repository.has(NAME)).as("seed %d", seed).isTrue();
              assertThat(repository.has(fresh)).as("seed %d", seed).isFalse();
            }
            case LIST -> assertThat(repository.list("objects/ab/")).as("seed %d", seed).hasSize(1);
          }
          answered++;
        } catch (HoldfastException e) {
          assertThat(e.code()).as("seed %d", seed).isEqualTo("repository-unavailable");
        }
        if (lot == Lot.PUT && direct.has(fresh)) {
          assertThat(direct.get(fresh)).as("seed %d", seed).isEqualTo(content);
        }
      }
    }
    assertThat(answered).isGreaterThan(6);
  }

  private static Fault fault(Random random) {
    synchronized (random) {
      return switch (random.nextInt(10)) {
        case 0 -> Fault.error(503, "SlowDown");
        case 1 -> new Fault.CutUpload(random.nextInt(20_000));
        case 2 -> new Fault.CutAnswer(random.nextInt(20_500));
        case 3 -> new Fault.CutAnswer(random.nextInt(100));
        case 4 -> random.nextInt(4) == 0 ? new Fault.Silence() : new Fault.CutAnswer(0);
        default -> Fault.NONE;
      };
    }
  }

  @Test
  void an_object_without_end_is_not_read_to_its_end() {
    try (Repository repository = acquainted(LONG)) {
      http.rule(
          request ->
              new Fault.Answer(
                  200,
                  Map.of("X-Padding", "x"),
                  Arrays.copyOf(CONTENT, Repository.OBJECT_BYTES_MAX + 1)));
      assertThatThrownBy(() -> repository.get(NAME))
          .extracting(RepositoryContract::codeOf)
          .isEqualTo("object-damaged");
    }
  }
}
