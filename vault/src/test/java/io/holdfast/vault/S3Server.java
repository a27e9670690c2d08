package io.holdfast.vault;

import java.net.URI;
import java.nio.file.Path;
import java.util.Properties;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * A store that speaks S3 over HTTP on a free port of 127.0.0.1, with its objects in a directory.
 */
final class S3Server implements AutoCloseable {
  static final String BUCKET = "vault-bucket";
  static final AwsCredentialsProvider CREDENTIALS =
      credentials("holdfast", "a secret of this test");

  private final BlobStoreContext context;
  private final S3Proxy proxy;

  private S3Server(BlobStoreContext context, S3Proxy proxy) {
    this.context = context;
    this.proxy = proxy;
  }

  static AwsCredentialsProvider credentials(String id, String secret) {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret));
  }

  static S3Server start(Path directory) throws Exception {
    return start(directory, S3Proxy.builder(), true);
  }

  /** One that takes requests of anybody, and heeds no condition if a proxy takes it away. */
  static S3Server startOpen(Path directory) throws Exception {
    return start(directory, S3Proxy.builder(), false);
  }

  /** One that has the bucket in the name of the host. */
  static S3Server startVirtualHost(Path directory, String domain) throws Exception {
    return start(directory, S3Proxy.builder().virtualHost(domain), true);
  }

  private static S3Server start(Path directory, S3Proxy.Builder builder, boolean guarded)
      throws Exception {
    Properties settings = new Properties();
    settings.setProperty("jclouds.filesystem.basedir", directory.toString());
    BlobStoreContext context =
        ContextBuilder.newBuilder("filesystem-nio2")
            .credentials("holdfast", "a secret of this test")
            .overrides(settings)
            .build(BlobStoreContext.class);
    BlobStore store = context.getBlobStore();
    store.createContainerInLocation(null, BUCKET);
    builder.endpoint(URI.create("http://127.0.0.1:0"));
    if (guarded) {
      builder
          .blobStore(new CreateOnlyStore(store))
          .awsAuthentication(AuthenticationType.AWS_V4, "holdfast", "a secret of this test");
    } else {
      builder.blobStore(store);
    }
    S3Proxy proxy = builder.build();
    proxy.start();
    return new S3Server(context, proxy);
  }

  int port() {
    return proxy.getPort();
  }

  String url() {
    return "http://127.0.0.1:" + port();
  }

  /** Where a repository of that prefix is, in what has this address. */
  static RepositoryLocation.InBucket location(String url, String prefix) {
    return (RepositoryLocation.InBucket)
        RepositoryLocation.parse(
            "s3://" + BUCKET + "/" + prefix,
            RepositoryLocation.Options.NONE.withEndpoint(url).withPathStyle(true));
  }

  @Override
  public void close() {
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the server does not stop", e);
    }
    context.close();
  }
}
