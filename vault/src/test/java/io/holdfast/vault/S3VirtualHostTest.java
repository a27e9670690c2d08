package io.holdfast.vault;

import static io.holdfast.vault.RepositoryContract.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.vault.RepositoryLocation.Options;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket that stands in the name of the host. */
class S3VirtualHostTest {
  @TempDir Path directory;

  @Test
  void a_bucket_is_found_by_the_name_of_its_host() throws Exception {
    try (S3Server server = S3Server.startVirtualHost(directory, TestNames.DOMAIN);
        HostileHttp recording = HostileHttp.before(server.port())) {
      RepositoryLocation.InBucket location =
          (RepositoryLocation.InBucket)
              RepositoryLocation.parse(
                  "s3://" + S3Server.BUCKET + "/a/b",
                  Options.NONE.withEndpoint("http://" + TestNames.DOMAIN + ":" + recording.port()));
      try (Repository repository =
          Buckets.open(location, S3Server.CREDENTIALS, Attempts.Patience.DEFAULT)) {
        assertThat(repository.put("keys/1", text("1"))).isTrue();
        assertThat(repository.put("keys/1", text("2"))).isFalse();
        assertThat(repository.get("keys/1")).isEqualTo(text("1"));
        assertThat(repository.list("")).hasSize(1);
        repository.delete("keys/1");
        assertThat(repository.has("keys/1")).isFalse();
      }
      assertThat(recording.seen())
          .isNotEmpty()
          .allSatisfy(
              request -> {
                assertThat(request.headers().get("host"))
                    .startsWith(S3Server.BUCKET + "." + TestNames.DOMAIN);
                assertThat(request.path()).doesNotContain(S3Server.BUCKET);
              });
    }
  }
}
