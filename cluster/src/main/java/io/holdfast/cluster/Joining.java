package io.holdfast.cluster;

import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A seeded node's way into its site: asks whichever member leads to take it in, until it is a
 * member. What was reached before a crash, the leader finds in the configuration.
 */
final class Joining implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
  private static final long AGAIN_MILLIS = 300;
  private static final Duration CLOSE = Duration.ofSeconds(2);

  private final Path directory;
  private final Genesis genesis;
  private final Members members;
  private final PeerClient client;
  private final Fatal fatal;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread =
      Thread.ofPlatform().name("holdfast-join").daemon().unstarted(this::run);
  private String lastAnswer = "";

  Joining(Path directory, Genesis genesis, Members members, PeerClient client, Fatal fatal) {
    this.directory = directory;
    this.genesis = genesis;
    this.members = members;
    this.client = client;
    this.fatal = fatal;
  }

  void start() {
    thread.start();
  }

  private void run() {
    fatal.guard("joining", this::join);
  }

  private void join() {
    String self = genesis.nodeId();
    String replaces = JoinFile.existsIn(directory) ? JoinFile.read(directory).replaces() : "";
    MemberChange.Join change =
        new MemberChange.Join(genesis.self().host(), genesis.self().port(), replaces);
    try {
      do {
        for (Member member : members.all()) {
          if (!member.nodeId().equals(self) && !member.nodeId().equals(replaces)) {
            ask(member.nodeId(), change);
          }
          if (members.isMember(self)) {
            break;
          }
        }
      } while (!members.isMember(self) && !stop.await(AGAIN_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    if (members.isMember(self)) {
      LOG.info("this node is a member of site {}", genesis.site());
      forget();
    }
  }

  private void ask(String nodeId, MemberChange.Join change) {
    String said;
    try {
      MemberChange.Answer answer = client.change(nodeId, change).join();
      said = answer.text();
    } catch (CompletionException e) {
      said = String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
      if (said.contains(Members.REMOVED + ":")) {
        fatal.raise(
            new HoldfastException(
                Members.REMOVED,
                genesis.nodeId() + " was a member of the site once and cannot be one again",
                "make a directory for another name with 'holdfast node add'"));
      }
      if (said.contains("not-leader")) {
        return;
      }
    }
    if (!said.equals(lastAnswer)) {
      LOG.info("asked {} to be taken in: {}", nodeId, said);
      lastAnswer = said;
    }
  }

  private void forget() {
    try {
      Files.deleteIfExists(directory.resolve(JoinFile.NAME));
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  @Override
  public void close() {
    stop.countDown();
    try {
      if (thread.isAlive() && !thread.join(CLOSE)) {
        LOG.info("still waits for an answer of the node that leads");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
