package io.holdfast.vault;

import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A repository in a bucket keeps the contract, against a real server over HTTP. */
class S3RepositoryTest extends RepositoryContract {
  @TempDir static Path directory;
  private static S3Server server;

  private RepositoryLocation.InBucket location;
  private Repository repository;
  private Repository again;

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
    location = S3Server.location(server.url(), UUID.randomUUID().toString());
    repository = Buckets.open(location, S3Server.CREDENTIALS, Attempts.Patience.DEFAULT);
    again = Buckets.open(location, S3Server.CREDENTIALS, Attempts.Patience.DEFAULT);
  }

  @AfterEach
  void close() {
    repository.close();
    again.close();
  }

  @Override
  Repository repository() {
    return repository;
  }

  @Override
  Repository again() {
    return again;
  }
}
