package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A repository in a bucket of a store that speaks S3. Each object is one PUT, whose length and MD5
 * the store checks before it has an object, and which it refuses when there is one of that name
 * ({@code If-None-Match: *}). Each object carries the SHA-256 of its bytes, against which what
 * comes back is checked, and a random number by which a put whose answer was lost knows its own.
 *
 * <p>Whether a store heeds that header is seen, not believed: the first small object is put a
 * second time, and must be refused. With a store that does not, a look goes before each put; then
 * two who put at the same moment may both believe to be the first, and the last one's bytes stay.
 */
final class S3Repository implements Repository {
  private static final String DIGEST = "holdfast-sha256";
  private static final String PUT_ID = "holdfast-put";
  private static final Pattern QUOTES = Pattern.compile("[^0-9a-f]");

  private static final int NOT_FOUND = 404;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  // A get that is not known to be longer must be over in the time that so many bytes take.
  private static final long GET_BYTES = 32 << 20;
  // To try the header on something larger costs more than the looks it saves.
  private static final int TRIAL_BYTES_MAX = 1 << 20;
  // Versions of one name that a deletion removes; more than two come from elsewhere.
  private static final int VERSIONS_MAX = 100;
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
  private final Attempts attempts;
  private final int pageKeys;
  private volatile CreateOnly createOnly = CreateOnly.UNKNOWN;
  private volatile boolean bucketSeen;

  S3Repository(RepositoryLocation.InBucket location, S3Client client, Attempts.Patience patience) {
    this(location, client, patience, 1_000); // the most that a store lists at once
  }

  S3Repository(
      RepositoryLocation.InBucket location,
      S3Client client,
      Attempts.Patience patience,
      int pageKeys) {
    this.location = location;
    this.client = client;
    this.attempts = new Attempts(patience, faults(location));
    this.pageKeys = pageKeys;
  }

  private static S3Faults faults(RepositoryLocation.InBucket location) {
    return new S3Faults(location.describe(), location.bucket(), location.endpoint());
  }

  @Override
  public String describe() {
    return location.describe();
  }

  private String key(String name) {
    ObjectNames.check(name);
    return prefix() + name;
  }

  private String prefix() {
    return location.prefix().isEmpty() ? "" : location.prefix() + "/";
  }

  @Override
  public boolean put(String name, byte[] bytes) {
    PutObjectRequest request = request(key(name), bytes);
    boolean first = attempts.call(bytes.length, number -> put(request, bytes, number));
    bucketSeen = true;
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
            .contentMD5(Base64.getEncoder().encodeToString(digest("MD5", bytes)))
            .metadata(
                Map.of(
                    DIGEST, HexFormat.of().formatHex(digest("SHA-256", bytes)),
                    PUT_ID, HexFormat.of().formatHex(id)));
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
    if (createOnly != CreateOnly.BY_HEADER && head(request.key())) {
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
    Optional<GetObjectResponse> found = look(request.key());
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

  private boolean head(String key) {
    try {
      client.headObject(r -> r.bucket(location.bucket()).key(key));
      return true;
    } catch (S3Exception e) {
      if (e.statusCode() == NOT_FOUND) { // there is no body that could say of what
        return false;
      }
      throw e;
    }
  }

  /**
   * What a store says of an object. Asked by a GET of its first byte, for where a connection ends
   * within the head of an answer, the client takes the headers that came for all.
   */
  private Optional<GetObjectResponse> look(String key) throws IOException, HalfAnswerException {
    GetObjectRequest first = GetObjectRequest.builder().bucket(location.bucket()).key(key).build();
    try {
      return Optional.of(firstByte(first.toBuilder().range("bytes=0-0").build(), 1));
    } catch (S3Exception e) {
      if (e.statusCode() == RANGE_NOT_SATISFIABLE) {
        return Optional.of(firstByte(first, 0)); // an empty one
      }
      if (S3Faults.isMissingObject(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private GetObjectResponse firstByte(GetObjectRequest request, int bytes)
      throws IOException, HalfAnswerException {
    try (ResponseInputStream<GetObjectResponse> answer = client.getObject(request)) {
      if (answer.readNBytes(1).length != bytes) {
        throw new HalfAnswerException("nothing came of " + request.key(), false);
      }
      answer.abort(); // a store that does not know ranges sends all of it
      return answer.response();
    }
  }

  @Override
  public byte[] get(String name) {
    GetObjectRequest request =
        GetObjectRequest.builder().bucket(location.bucket()).key(key(name)).build();
    byte[] bytes =
        attempts.call(
            GET_BYTES,
            number -> {
              try (ResponseInputStream<GetObjectResponse> answer = client.getObject(request)) {
                return whole(name, answer);
              } catch (S3Exception e) {
                if (S3Faults.isMissingObject(e)) {
                  throw RepositoryFaults.missingObject(describe(), name);
                }
                throw e;
              }
            });
    bucketSeen = true;
    return bytes;
  }

  private byte[] whole(String name, ResponseInputStream<GetObjectResponse> answer)
      throws IOException, HalfAnswerException {
    Long length = answer.response().contentLength();
    if (length != null && length > OBJECT_BYTES_MAX) {
      answer.abort();
      throw RepositoryFaults.damaged(describe(), name, "has " + length + " bytes");
    }
    byte[] bytes = answer.readNBytes(OBJECT_BYTES_MAX + 1);
    if (bytes.length > OBJECT_BYTES_MAX) {
      answer.abort();
      throw RepositoryFaults.damaged(describe(), name, "does not end");
    }
    if (length == null || bytes.length != length) {
      throw new HalfAnswerException(
          "of " + length + " bytes of the object " + name + " there came " + bytes.length, false);
    }
    String expected = answer.response().metadata().get(DIGEST);
    if (expected != null && !expected.equals(HexFormat.of().formatHex(digest("SHA-256", bytes)))) {
      throw new HalfAnswerException(
          "the object "
              + name
              + " has other bytes than were put: their SHA-256 is not "
              + QUOTES.matcher(expected).replaceAll("?"),
          true);
    }
    return bytes;
  }

  /** As long as the bucket was not seen, by a GET: only it tells a missing bucket from a name. */
  @Override
  public boolean has(String name) {
    String key = key(name);
    boolean found = attempts.call(0, number -> bucketSeen ? head(key) : look(key).isPresent());
    bucketSeen = true;
    return found;
  }

  @Override
  public List<StoredObject> list(String prefix) {
    ObjectNames.checkPrefix(prefix);
    List<StoredObject> found = new ArrayList<>();
    String token = null;
    do {
      ListObjectsV2Request request =
          ListObjectsV2Request.builder()
              .bucket(location.bucket())
              .prefix(prefix() + prefix)
              .maxKeys(pageKeys)
              .continuationToken(token)
              .build();
      ListObjectsV2Response page = attempts.call(0, number -> page(request));
      for (S3Object object : page.contents()) {
        String name = object.key().substring(prefix().length());
        if (ObjectNames.isOne(name)) { // else somebody else's
          found.add(new StoredObject(name, object.size(), object.lastModified().toEpochMilli()));
        }
      }
      token = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
    } while (token != null);
    bucketSeen = true;
    found.sort(Comparator.comparing(StoredObject::name));
    return found;
  }

  private ListObjectsV2Response page(ListObjectsV2Request request) throws HalfAnswerException {
    ListObjectsV2Response page = client.listObjectsV2(request);
    if (page.isTruncated() == null
        || (page.isTruncated() && page.nextContinuationToken() == null)) {
      throw new HalfAnswerException("a page of the listing does not say how it goes on", false);
    }
    return page;
  }

  /**
   * Deletes what is found, by its version: without one a store that keeps versions would hide a
   * locked object and say that it is gone.
   */
  @Override
  public void delete(String name) {
    String key = key(name);
    for (int i = 0; i < VERSIONS_MAX; i++) {
      Optional<GetObjectResponse> found = attempts.call(0, number -> look(key));
      if (found.isEmpty()) {
        return;
      }
      demandUnlocked(name, found.get());
      String version = found.get().versionId();
      attempts.call(0, number -> delete(name, key, version));
      if (version == null) {
        return;
      }
    }
    throw RepositoryFaults.unavailable(
        describe(), "has " + name + " again and again", "see who stores it there", null);
  }

  private void demandUnlocked(String name, GetObjectResponse found) {
    Instant until = found.objectLockRetainUntilDate();
    if (found.objectLockLegalHoldStatus() == ObjectLockLegalHoldStatus.ON) {
      throw locked(name, "is under legal hold", null);
    }
    if (until != null && until.isAfter(Instant.now())) {
      throw locked(name, "is locked until " + until, null);
    }
  }

  private boolean delete(String name, String key, @Nullable String version) {
    try {
      client.deleteObject(
          DeleteObjectRequest.builder()
              .bucket(location.bucket())
              .key(key)
              .versionId(version)
              .build());
      return true;
    } catch (S3Exception e) {
      if (S3Faults.isMissingObject(e)) {
        return false;
      }
      if (S3Faults.isLocked(e)) {
        throw locked(name, "is locked", e);
      }
      throw e;
    }
  }

  private HoldfastException locked(String name, String what, @Nullable Throwable cause) {
    return RepositoryFaults.locked(describe(), name, what, cause);
  }

  private static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
