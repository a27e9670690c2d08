package io.holdfast.cluster;

import io.holdfast.journal.FileKind;
import io.holdfast.journal.FileListing;
import io.holdfast.kernel.HoldfastException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.StatusException;

/** The files of another member of the site. */
record PeerFiles(PeerClient client, String name) implements FileSource {
  @Override
  public FileListing list() {
    return join(client.list(name, FileMessages.Ask.ALL));
  }

  @Override
  public FileListing list(FileKind kind, String file) {
    return join(client.list(name, new FileMessages.Ask(kind, file)));
  }

  @Override
  public byte[] read(FileKind kind, String file, long offset, int length) {
    return join(client.read(name, new FileMessages.Read(kind, file, offset, length)));
  }

  private <T> T join(CompletableFuture<T> call) {
    try {
      return call.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof StatusException failed
          && failed.getStatus().getCode() == Status.Code.NOT_FOUND) {
        throw new HoldfastException(
            "no-such-file", "it is not at " + name + " any more", "ask what there is", e);
      }
      throw new HoldfastException(
          "peer-unavailable",
          name + " gives no files: " + cause.getMessage(),
          "see whether it runs and is reached",
          e);
    }
  }
}
