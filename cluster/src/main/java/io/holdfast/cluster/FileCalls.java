package io.holdfast.cluster;

import io.holdfast.journal.StoredFiles;
import io.holdfast.kernel.HoldfastException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what others ask about this node's files, on two threads of its own, so that a slow disk
 * holds up nobody who votes or pays. Being asked what there is makes it compute the digests that
 * are lacking.
 */
final class FileCalls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileCalls.class);
  private static final int THREADS = 2;

  /** More than the streams of all other members of a site; beyond that they are pushed back. */
  private static final int WAITING_MAX = 64;

  /** Soon seen to end when the node stops. */
  private static final long DIGEST_MILLIS = 200;

  private final Supplier<StoredFiles> files;
  private final AtomicBoolean digesting = new AtomicBoolean();
  private final ThreadPoolExecutor executor =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          1,
          TimeUnit.MINUTES,
          new ArrayBlockingQueue<>(WAITING_MAX),
          Thread.ofPlatform().name("holdfast-files-", 0).daemon().factory());

  FileCalls(Supplier<StoredFiles> files) {
    this.files = files;
  }

  void list(byte[] bytes, StreamObserver<byte[]> observer) {
    answer(
        observer,
        () -> {
          FileMessages.Ask ask = FileMessages.decodeAsk(bytes);
          if (ask.kind() != null) {
            return FileMessages.encodeListing(files.get().list(ask.kind(), ask.name()));
          }
          byte[] listing = FileMessages.encodeListing(files.get().list());
          digest();
          return listing;
        });
  }

  void read(byte[] bytes, StreamObserver<byte[]> observer) {
    answer(
        observer,
        () -> {
          FileMessages.Read read = FileMessages.decodeRead(bytes);
          return files.get().read(read.kind(), read.name(), read.offset(), read.length());
        });
  }

  private void digest() {
    if (digesting.compareAndSet(false, true)) {
      Thread.ofPlatform().name("holdfast-digests").daemon().start(this::digestAll);
    }
  }

  private void digestAll() {
    try {
      while (!executor.isShutdown() && !files.get().digestFor(DIGEST_MILLIS)) {
        // Goes on with those that are left.
      }
    } catch (HoldfastException e) {
      LOG.warn("the digests of this node's files could not be computed: {}", e.message());
    } finally {
      digesting.set(false);
    }
  }

  private void answer(StreamObserver<byte[]> observer, Supplier<byte[]> body) {
    try {
      executor.execute(() -> answerNow(observer, body));
    } catch (RejectedExecutionException e) {
      observer.onError(
          Status.RESOURCE_EXHAUSTED
              .withDescription("too many calls for files wait, or this node stops")
              .withCause(e)
              .asException());
    }
  }

  private static void answerNow(StreamObserver<byte[]> observer, Supplier<byte[]> body) {
    byte[] message;
    try {
      message = body.get();
    } catch (HoldfastException e) {
      Status status =
          switch (e.code()) {
            case "no-such-file" -> Status.NOT_FOUND;
            case "malformed-peer-message" -> Status.INVALID_ARGUMENT;
            default -> Status.INTERNAL;
          };
      PeerServer.refuse(observer, status, e);
      return;
    } catch (RuntimeException e) {
      LOG.warn("a call for files failed", e);
      observer.onError(Status.INTERNAL.withDescription(e.toString()).withCause(e).asException());
      return;
    }
    PeerServer.reply(observer, message);
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
