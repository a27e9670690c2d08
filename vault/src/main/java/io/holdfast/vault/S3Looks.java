package io.holdfast.vault;

import java.io.IOException;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Asks a bucket what it says of an object, once, without fetching it. For any thread. */
record S3Looks(S3Client client, String bucket) {
  private static final int NOT_FOUND = 404;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  /** Whether it is there; a bucket that is not looks the same. */
  boolean head(String key) {
    try {
      client.headObject(r -> r.bucket(bucket).key(key));
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
  Optional<GetObjectResponse> look(String key) throws IOException, HalfAnswerException {
    GetObjectRequest first = GetObjectRequest.builder().bucket(bucket).key(key).build();
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
}
