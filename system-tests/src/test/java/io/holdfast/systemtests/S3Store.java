package io.holdfast.systemtests;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;

/** A store that speaks S3 over HTTP on a free port of 127.0.0.1, for other processes. */
final class S3Store implements AutoCloseable {
  private static final String BUCKET = "system-test";
  private static final String KEY_ID = "holdfast";
  private static final String SECRET = "a-secret-of-this-test";

  private final BlobStoreContext context;
  private final S3Proxy proxy;

  private S3Store(BlobStoreContext context, S3Proxy proxy) {
    this.context = context;
    this.proxy = proxy;
  }

  static S3Store start(Path directory) throws Exception {
    Files.createDirectories(directory);
    Properties settings = new Properties();
    settings.setProperty("jclouds.filesystem.basedir", directory.toString());
    BlobStoreContext context =
        ContextBuilder.newBuilder("filesystem-nio2")
            .credentials(KEY_ID, SECRET)
            .overrides(settings)
            .build(BlobStoreContext.class);
    BlobStore store = context.getBlobStore();
    store.createContainerInLocation(null, BUCKET);
    S3Proxy proxy =
        S3Proxy.builder()
            .endpoint(URI.create("http://127.0.0.1:0"))
            .blobStore(store)
            .awsAuthentication(AuthenticationType.AWS_V4, KEY_ID, SECRET)
            .build();
    proxy.start();
    return new S3Store(context, proxy);
  }

  String endpoint() {
    return "http://127.0.0.1:" + proxy.getPort();
  }

  /** The address of a repository in it. */
  static String location(String prefix) {
    return "s3://" + BUCKET + "/" + prefix;
  }

  /** Flags of a JVM that may use it. */
  static List<String> credentials() {
    return List.of("-Daws.accessKeyId=" + KEY_ID, "-Daws.secretAccessKey=" + SECRET);
  }

  @Override
  public void close() throws IOException {
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new IOException("the store does not stop", e);
    }
    context.close();
  }
}
