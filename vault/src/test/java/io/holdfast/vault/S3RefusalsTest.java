package io.holdfast.vault;

import static io.holdfast.vault.RepositoryContract.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.HostileHttp.Fault;
import io.holdfast.vault.HostileHttp.Request;
import io.holdfast.vault.RepositoryLocation.Options;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** What a store refuses, locks, or does not know. */
class S3RefusalsTest {
  private static final Attempts.Patience PATIENCE =
      new Attempts.Patience(1_000, 10_000, 5_000, 1 << 20, 10, 100);

  @TempDir static Path directory;
  @TempDir static Path openDirectory;
  private static S3Server server;
  private static S3Server open;

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.start(directory);
    open = S3Server.startOpen(openDirectory);
  }

  @AfterAll
  static void stop() {
    server.close();
    open.close();
  }

  private static Repository at(String url) {
    return Buckets.open(
        S3Server.location(url, UUID.randomUUID().toString()), S3Server.CREDENTIALS, PATIENCE);
  }

  private static void assertEveryCall(Repository repository, String code, String saying) {
    List<Runnable> calls =
        List.of(
            () -> repository.has("keys/1"),
            () -> repository.get("keys/1"),
            () -> repository.put("keys/1", text("1")),
            () -> repository.list("keys/"),
            () -> repository.delete("keys/1"));
    for (Runnable call : calls) {
      assertThatThrownBy(call::run)
          .isInstanceOf(HoldfastException.class)
          .hasMessageContaining(saying)
          .extracting(RepositoryContract::codeOf)
          .isEqualTo(code);
    }
  }

  @Test
  void a_bucket_that_is_not_there_is_missing_and_no_object_is() {
    RepositoryLocation.InBucket location =
        (RepositoryLocation.InBucket)
            RepositoryLocation.parse(
                "s3://no-such-bucket/x",
                Options.NONE.withEndpoint(server.url()).withPathStyle(true));
    try (Repository repository = Buckets.open(location, S3Server.CREDENTIALS, PATIENCE)) {
      assertEveryCall(repository, "repository-missing", "no-such-bucket");
    }
  }

  @ParameterizedTest
  @CsvSource({"holdfast, a wrong secret", "nobody, a secret of this test"})
  void credentials_that_the_store_does_not_take_are_named(String id, String secret) {
    AwsCredentialsProvider wrong = S3Server.credentials(id, secret);
    try (Repository repository =
        Buckets.open(S3Server.location(server.url(), "x"), wrong, PATIENCE)) {
      assertThatThrownBy(() -> repository.get("keys/1"))
          .hasMessageContaining("credentials")
          .extracting(RepositoryContract::codeOf)
          .isEqualTo("repository-denied");
      assertThatThrownBy(() -> repository.put("keys/1", text("1")))
          .extracting(RepositoryContract::codeOf)
          .isEqualTo("repository-denied");
      assertThatThrownBy(() -> repository.list(""))
          .extracting(RepositoryContract::codeOf)
          .isEqualTo("repository-denied");
    }
  }

  @Test
  void without_credentials_it_is_said_within_seconds() {
    Map<String, String> before = new HashMap<>();
    for (String name :
        List.of("aws.sharedCredentialsFile", "aws.configFile", "aws.ec2MetadataServiceEndpoint")) {
      before.put(name, System.getProperty(name, ""));
      System.setProperty(name, "/nowhere");
    }
    // A host of instance metadata that takes connections and never answers.
    try (HostileHttp silent = HostileHttp.before(0)) {
      silent.rule(request -> new Fault.Silence());
      System.setProperty("aws.ec2MetadataServiceEndpoint", silent.url());
      for (String endpoint : new String[] {server.url(), ""}) {
        Instant start = Instant.now();
        Options options =
            endpoint.isEmpty()
                ? Options.NONE.withRegion("eu-central-1")
                : Options.NONE.withEndpoint(endpoint);
        assertThatThrownBy(
                () -> Repositories.open(RepositoryLocation.parse("s3://bucket/x", options)))
            .hasMessageContaining("no credentials")
            .extracting(RepositoryContract::codeOf)
            .isEqualTo("repository-denied");
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(20));
      }
    } finally {
      before.forEach(
          (name, value) -> {
            if (value.isEmpty()) {
              System.clearProperty(name);
            } else {
              System.setProperty(name, value);
            }
          });
    }
  }

  @ParameterizedTest
  @CsvSource({
    "403, AccessDenied, repository-denied, permissions",
    "403, InvalidAccessKeyId, repository-denied, AWS_ACCESS_KEY_ID",
    "400, ExpiredToken, repository-denied, AWS_ACCESS_KEY_ID",
    "403, RequestTimeTooSkewed, repository-denied, clock",
    "301, PermanentRedirect, repository-denied, --region",
    "400, AuthorizationHeaderMalformed, repository-denied, --region",
    "404, NoSuchBucket, repository-missing, bucket",
    "507, XMinioStorageFull, repository-full, expire",
    "403, QuotaExceeded, repository-full, expire",
    "501, NotImplemented, repository-denied, backup-repositories",
    "400, InvalidRequest, repository-denied, object lock"
  })
  void what_a_store_refuses_has_a_code_and_a_hint(
      int status, String error, String code, String hint) {
    try (HostileHttp http = HostileHttp.before(0);
        Repository repository = at(http.url())) {
      http.rule(request -> Fault.error(status, error));
      Instant start = Instant.now();
      assertThatThrownBy(() -> repository.get("keys/1"))
          .isInstanceOfSatisfying(
              HoldfastException.class,
              e -> {
                assertThat(e.code()).isEqualTo(code);
                assertThat(e.hint()).contains(hint);
                assertThat(e.message()).contains(repository.describe());
              });
      assertThat(http.seen()).hasSize(1);
      assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void an_address_that_nobody_knows_is_named() {
    try (Repository repository = at("http://no-such-host.invalid:1")) {
      assertThatThrownBy(() -> repository.get("keys/1"))
          .hasMessageContaining("no-such-host.invalid")
          .extracting(RepositoryContract::codeOf)
          .isEqualTo("repository-unavailable");
    }
  }

  private static Repository locking(HostileHttp http, int days, String mode, boolean hold) {
    return Buckets.open(
        (RepositoryLocation.InBucket)
            RepositoryLocation.parse(
                "s3://" + S3Server.BUCKET + "/x",
                Options.NONE
                    .withEndpoint(http.url())
                    .withPathStyle(true)
                    .withLock(days, mode, hold)),
        S3Server.CREDENTIALS,
        PATIENCE);
  }

  private static Fault stored(Request request) {
    return switch (request.method()) {
      case "PUT" ->
          request.headers().containsKey("if-none-match")
              ? new Fault.Answer(200, Map.of("ETag", "\"1\""), new byte[0])
              : Fault.error(400, "InvalidRequest");
      case "HEAD" -> new Fault.Answer(404, Map.of(), new byte[0]);
      default -> Fault.error(404, "NoSuchKey");
    };
  }

  @ParameterizedTest
  @CsvSource({"30, compliance, false", "7, governance, true", "0, , true"})
  void a_put_asks_for_lock_and_hold(int days, String mode, boolean hold) {
    try (HostileHttp http = HostileHttp.before(0);
        Repository repository = locking(http, days, mode, hold)) {
      http.rule(S3RefusalsTest::stored);
      repository.put("keys/1", text("1"));
      Map<String, String> headers = http.seen("PUT").getFirst().headers();
      assertThat(headers.get("content-md5")).isEqualTo("xMpCOKC5I4INzFCab3WEmw==");
      assertThat(headers.get("x-amz-object-lock-legal-hold")).isEqualTo(hold ? "ON" : null);
      if (days == 0) {
        assertThat(headers).doesNotContainKey("x-amz-object-lock-mode");
      } else {
        assertThat(headers.get("x-amz-object-lock-mode")).isEqualToIgnoringCase(mode);
        assertThat(Instant.parse(headers.get("x-amz-object-lock-retain-until-date")))
            .isBetween(
                Instant.now().plus(Duration.ofDays(days)).minusSeconds(60),
                Instant.now().plus(Duration.ofDays(days)));
      }
    }
  }

  @Test
  void without_lock_none_is_asked_for() {
    try (HostileHttp http = HostileHttp.before(0);
        Repository repository = at(http.url())) {
      http.rule(S3RefusalsTest::stored);
      repository.put("keys/1", text("1"));
      assertThat(http.seen("PUT").getFirst().headers().keySet())
          .noneMatch(header -> header.contains("lock"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "AccessDenied, Access Denied because object protected by object lock.",
    "InvalidRequest, Object is WORM protected and cannot be overwritten",
    "ObjectLocked, no"
  })
  void the_deletion_of_a_locked_object_that_the_store_refuses_is_locked(
      String error, String message) {
    try (HostileHttp http = HostileHttp.before(0);
        Repository repository = at(http.url())) {
      http.rule(
          request ->
              request.is("DELETE")
                  ? Fault.error(error.equals("InvalidRequest") ? 400 : 403, error, message)
                  : new Fault.Answer(
                      206, Map.of("x-amz-version-id", "v1", "ETag", "\"1\""), text("1")));
      assertThatThrownBy(() -> repository.delete("keys/1"))
          .hasMessageContaining("keys/1")
          .extracting(RepositoryContract::codeOf)
          .isEqualTo("object-locked");
      assertThat(http.seen("DELETE")).hasSize(1);
      assertThat(http.seen("DELETE").getFirst().path()).contains("versionId=v1");
    }
  }

  @Test
  void an_object_that_says_it_is_locked_is_not_hidden_by_a_deletion() {
    Map<String, String> retained =
        Map.of(
            "x-amz-object-lock-mode", "COMPLIANCE",
            "x-amz-object-lock-retain-until-date", "2999-01-01T00:00:00Z");
    for (Map<String, String> headers :
        List.of(retained, Map.of("x-amz-object-lock-legal-hold", "ON"))) {
      try (HostileHttp http = HostileHttp.before(0);
          Repository repository = at(http.url())) {
        http.rule(request -> new Fault.Answer(206, headers, text("1")));
        assertThatThrownBy(() -> repository.delete("keys/1"))
            .extracting(RepositoryContract::codeOf)
            .isEqualTo("object-locked");
        assertThat(http.seen("DELETE")).isEmpty();
      }
    }
  }

  @Test
  void a_store_that_says_it_does_not_know_the_condition_is_looked_into_first() {
    assertFirstStays(
        request ->
            request.headers().containsKey("if-none-match")
                ? Fault.error(501, "NotImplemented")
                : Fault.NONE);
  }

  @Test
  void a_store_that_does_not_heed_the_condition_is_found_out() {
    assertFirstStays(request -> new Fault.Without("if-none-match"));
  }

  private static void assertFirstStays(java.util.function.Function<Request, Fault> rule) {
    String prefix = UUID.randomUUID().toString();
    try (HostileHttp http = HostileHttp.before(open.port());
        Repository direct =
            Buckets.open(S3Server.location(open.url(), prefix), S3Server.CREDENTIALS, PATIENCE)) {
      direct.put("keys/0", text("before"));
      http.rule(rule);
      try (Repository repository =
          Buckets.open(S3Server.location(http.url(), prefix), S3Server.CREDENTIALS, PATIENCE)) {
        assertThat(repository.put("keys/0", text("other"))).isFalse();
        assertThat(repository.put("keys/1", text("first"))).isTrue();
        assertThat(repository.put("keys/1", text("second"))).isFalse();
        assertThat(repository.put("keys/0", text("other"))).isFalse();
      }
      assertThat(direct.get("keys/0")).isEqualTo(text("before"));
      assertThat(direct.get("keys/1")).isEqualTo(text("first"));
    }
  }
}
