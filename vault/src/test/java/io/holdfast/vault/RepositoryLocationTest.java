package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.vault.RepositoryLocation.InBucket;
import io.holdfast.vault.RepositoryLocation.Options;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a location may be, and what is said of one that is wrong. */
class RepositoryLocationTest {
  @ParameterizedTest
  @CsvSource({
    "file:/backup/a, file:/backup/a",
    "file:///backup/a, file:/backup/a",
    "/backup/a/, file:/backup/a",
    "/backup/../a, file:/a",
    "s3://bucket, s3://bucket",
    "s3://bucket/, s3://bucket",
    "s3://bucket/a/b/, s3://bucket/a/b"
  })
  void a_location_is_understood(String text, String described) {
    assertThat(RepositoryLocation.parse(text).describe()).isEqualTo(described);
  }

  @Test
  void a_path_may_begin_where_one_is() {
    assertThat(RepositoryLocation.parse("backup").describe())
        .isEqualTo("file:" + Path.of("backup").toAbsolutePath());
  }

  @Test
  void a_bucket_has_its_options() {
    InBucket bucket =
        (InBucket)
            RepositoryLocation.parse(
                "s3://my.bucket/x",
                Options.NONE
                    .withEndpoint("https://s3.example.com:9000")
                    .withRegion("eu-central-1")
                    .withPathStyle(true)
                    .withLock(30, "governance", true)
                    .withBytesPerSecondMax(5_000_000));
    assertThat(bucket)
        .isEqualTo(
            new InBucket(
                "my.bucket",
                "x",
                URI.create("https://s3.example.com:9000"),
                "eu-central-1",
                true,
                new ObjectLock(30, ObjectLock.Mode.GOVERNANCE, true),
                5_000_000));
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://host/x, location, ftp://host/x",
    "s3:bucket, location, s3:bucket",
    "file:, location, file:",
    "file://host/x, location, file://host/x",
    "s3://, bucket, ''",
    "s3://Bucket, bucket, Bucket",
    "s3://ab, bucket, ab",
    "s3://a..b, bucket, a..b",
    "s3://bucket/../x, prefix, ../x",
    "s3://bucket/a//b, prefix, a//b",
    "s3://bucket/a b, prefix, a b"
  })
  void a_wrong_location_is_named(String text, String field, String value) {
    assertRefused(text, Options.NONE, field, value);
  }

  @Test
  void wrong_options_are_named() {
    String bucket = "s3://bucket/x";
    for (String endpoint :
        new String[] {
          "s3.example.com", "ftp://x", "http://", "http://h/path", "http://u@h", "h:1"
        }) {
      assertRefused(bucket, Options.NONE.withEndpoint(endpoint), "endpoint", endpoint);
    }
    assertRefused(bucket, Options.NONE.withRegion("EU Central"), "region", "EU Central");
    assertRefused(bucket, Options.NONE.withLock(-1, null, false), "days of object lock", "-1");
    assertRefused(
        bucket, Options.NONE.withLock(40_000, null, false), "days of object lock", "40000");
    assertRefused(
        bucket, Options.NONE.withLock(1, "strict", false), "mode of object lock", "strict");
    assertRefused(bucket, Options.NONE.withLock(0, "governance", false), "mode", "governance");
    assertRefused(bucket, Options.NONE.withBytesPerSecondMax(-5), "bytes per second", "-5");
  }

  @Test
  void options_of_a_bucket_are_refused_for_a_directory() {
    assertRefused("/x", Options.NONE.withEndpoint("http://h"), "endpoint", "http://h");
    assertRefused("/x", Options.NONE.withRegion("r"), "region", "r");
    assertRefused("/x", Options.NONE.withPathStyle(true), "path style", "true");
    assertRefused("/x", Options.NONE.withLock(1, null, false), "object lock", "1 days");
    assertRefused("/x", Options.NONE.withLock(0, null, true), "legal hold", "true");
  }

  private static void assertRefused(
      String location, Options options, String field, @Nullable String value) {
    assertThatThrownBy(() -> RepositoryLocation.parse(location, options))
        .hasMessageContaining(field)
        .hasMessageContaining("'" + (value == null ? "" : value) + "'")
        .hasMessageContaining("allowed: ")
        .extracting(RepositoryContract::codeOf)
        .isEqualTo("malformed-location");
  }
}
