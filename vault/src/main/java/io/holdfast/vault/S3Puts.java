package io.holdfast.vault;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Puts objects into a bucket, each once: by {@code If-None-Match: *}, which the store refuses when
 * there is one of that name. Each carries the SHA-256 of its bytes and a random number, by which a
 * put whose answer was lost knows its own. For any thread.
 *
 * <p>Whether a store heeds that header is seen, not believed: the first small object is put a
 * second time, and must be refused. With a store that does not, a look goes before each put; then
 * two who put at the same moment may both believe to be the first, and the last one's bytes stay.
 */
final class S3Puts {
  private static final String PUT_ID = "holdfast-put";

  // To try the header on something larger costs more than the looks it saves.
  private static final int TRIAL_BYTES_MAX = 1 << 20;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** How an object is kept from being replaced. */
  private enum CreateOnly {
    /** Not known yet: by the header and a look. */
    UNKNOWN,
    BY_HEADER,
    BY_LOOK
  }

  private final RepositoryLocation.InBucket location;
  private final S3Client client;
  private final S3Looks looks;
  private final Attempts attempts;
  private volatile CreateOnly createOnly = CreateOnly.UNKNOWN;

  S3Puts(RepositoryLocation.InBucket location, S3Client client, S3Looks looks, Attempts attempts) {
    this.location = location;
    this.client = client;
    this.looks = looks;
    this.attempts = attempts;
  }

  /** Stores an object; false if there was one of this name, which is left as it is. */
  boolean put(String key, byte[] bytes) {
    PutObjectRequest request = request(key, bytes);
    boolean first = attempts.call(bytes.length, number -> put(request, bytes, number));
    if (first && createOnly == CreateOnly.UNKNOWN && bytes.length <= TRIAL_BYTES_MAX) {
      createOnly = attempts.call(bytes.length, number -> trial(request, bytes));
    }
    return first;
  }

  private PutObjectRequest request(String key, byte[] bytes) {
    byte[] id = new byte[16];
    RANDOM.nextBytes(id);
    PutObjectRequest.Builder request =
        PutObjectRequest.builder()
            .bucket(location.bucket())
            .key(key)
            .contentLength((long) bytes.length)
            .contentMD5(Base64.getEncoder().encodeToString(md5(bytes)))
            .metadata(
                Map.of(
                    S3Repository.DIGEST, Digests.hex(bytes), PUT_ID, HexFormat.of().formatHex(id)));
    ObjectLock lock = location.lock();
    if (lock != null && lock.days() > 0) {
      request
          .objectLockMode(
              switch (lock.mode()) {
                case GOVERNANCE -> ObjectLockMode.GOVERNANCE;
                case COMPLIANCE -> ObjectLockMode.COMPLIANCE;
              })
          .objectLockRetainUntilDate(Instant.now().plus(Duration.ofDays(lock.days())));
    }
    if (lock != null && lock.legalHold()) {
      request.objectLockLegalHoldStatus(ObjectLockLegalHoldStatus.ON);
    }
    return request.build();
  }

  private boolean put(PutObjectRequest request, byte[] bytes, int number)
      throws IOException, HalfAnswerException {
    if (createOnly != CreateOnly.BY_HEADER && looks.head(request.key())) {
      return number > 1 && isOurs(request);
    }
    if (createOnly == CreateOnly.BY_LOOK) {
      client.putObject(request, body(bytes));
      return true;
    }
    try {
      client.putObject(onlyNew(request), body(bytes));
      return true;
    } catch (S3Exception e) {
      if (S3Faults.isTaken(e)) {
        createOnly = CreateOnly.BY_HEADER;
        return number > 1 && isOurs(request);
      }
      if (S3Faults.isNotImplemented(e)) {
        createOnly = CreateOnly.BY_LOOK;
        return put(request, bytes, number);
      }
      throw e;
    }
  }

  /** An attempt whose answer was lost may have stored it all the same. */
  private boolean isOurs(PutObjectRequest request) throws IOException, HalfAnswerException {
    Optional<GetObjectResponse> found = looks.look(request.key());
    String ours = request.metadata().get(PUT_ID);
    return found.isPresent() && String.valueOf(ours).equals(found.get().metadata().get(PUT_ID));
  }

  /** Puts what is there once more: the same bytes, so that it does no harm if it is taken. */
  private CreateOnly trial(PutObjectRequest request, byte[] bytes) {
    try {
      client.putObject(onlyNew(request), body(bytes));
      return CreateOnly.BY_LOOK;
    } catch (S3Exception e) {
      if (S3Faults.isTaken(e)) {
        return CreateOnly.BY_HEADER;
      }
      throw e;
    }
  }

  private static PutObjectRequest onlyNew(PutObjectRequest request) {
    return request.toBuilder().ifNoneMatch("*").build();
  }

  private static RequestBody body(byte[] bytes) {
    return RequestBody.fromContentProvider(
        () -> new ByteArrayInputStream(bytes), bytes.length, "application/octet-stream");
  }

  /** What the store compares the bytes with; of their names and contents nothing rests on it. */
  private static byte[] md5(byte[] bytes) {
    try {
      return MessageDigest.getInstance("MD5").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
