package io.holdfast.vault;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.domain.Blob;
import org.jclouds.blobstore.options.PutOptions;
import org.jclouds.blobstore.util.ForwardingBlobStore;
import org.jclouds.http.HttpCommand;
import org.jclouds.http.HttpRequest;
import org.jclouds.http.HttpResponse;
import org.jclouds.http.HttpResponseException;

/**
 * Looks and stores in one step, as Amazon's store does: S3Proxy by itself heeds {@code
 * If-None-Match}, but between its look and its put another put fits.
 */
final class CreateOnlyStore extends ForwardingBlobStore {
  private final Map<String, Object> locks = new ConcurrentHashMap<>();

  CreateOnlyStore(BlobStore store) {
    super(store);
  }

  @Override
  public String putBlob(String container, Blob blob) {
    return putBlob(container, blob, PutOptions.NONE);
  }

  @Override
  public String putBlob(String container, Blob blob, PutOptions options) {
    String name = blob.getMetadata().getName();
    synchronized (locks.computeIfAbsent(name, n -> new Object())) {
      if (delegate().blobExists(container, name)) {
        throw taken(name);
      }
      return delegate().putBlob(container, blob, options);
    }
  }

  private static HttpResponseException taken(String name) {
    HttpRequest request =
        HttpRequest.builder().method("PUT").endpoint("http://127.0.0.1/" + name).build();
    HttpResponse refusal =
        HttpResponse.builder().statusCode(412).message("Precondition Failed").build();
    return new HttpResponseException(name + " is there", new HttpCommand(request), refusal);
  }
}
