package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A repository in a bucket of a store that speaks S3. Each object is one PUT, whose length and MD5
 * the store checks before it has an object, and which it refuses when there is one of that name
 * (see {@link S3Puts}). Each object carries the SHA-256 of its bytes, against which what comes back
 * is checked.
 */
final class S3Repository implements Repository {
  static final String DIGEST = "holdfast-sha256";
  private static final Pattern QUOTES = Pattern.compile("[^0-9a-f]");

  // A get that is not known to be longer must be over in the time that so many bytes take.
  private static final long GET_BYTES = 32 << 20;
  // Versions of one name that a deletion removes; more than two come from elsewhere.
  private static final int VERSIONS_MAX = 100;

  private final RepositoryLocation.InBucket location;
  private final S3Client client;
  private final Attempts attempts;
  private final S3Looks looks;
  private final S3Puts puts;
  private final int pageKeys;
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
    this.looks = new S3Looks(client, location.bucket());
    this.puts = new S3Puts(location, client, looks, attempts);
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
    boolean first = puts.put(key(name), bytes);
    bucketSeen = true;
    return first;
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
    if (expected != null && !expected.equals(Digests.hex(bytes))) {
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
    boolean found =
        attempts.call(0, number -> bucketSeen ? looks.head(key) : looks.look(key).isPresent());
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
      Optional<GetObjectResponse> found = attempts.call(0, number -> looks.look(key));
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

  @Override
  public void close() {
    client.close();
  }
}
