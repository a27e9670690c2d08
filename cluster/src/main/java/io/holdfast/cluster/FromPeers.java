package io.holdfast.cluster;

import io.holdfast.cluster.PeerMessages.Hello;
import io.holdfast.cluster.PeerMessages.Submit;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Reply;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What other nodes ask of this one, handed to the part that answers. Parts that need consensus come
 * into being after this does, but before anything is asked.
 */
final class FromPeers implements PeerServer.Takes {
  private final Assembly parts;

  FromPeers(Assembly parts) {
    this.parts = parts;
  }

  @Override
  public CompletableFuture<Reply> take(Submit.Entry entry, int patienceMillis) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    return parts.submission().take(new Waiting(entry.origin(), entry.request(), deadline));
  }

  @Override
  public boolean leads() {
    return parts.leadership().leadsReady();
  }

  /** Who takes part is on disk before it is answered. */
  Hello hello(String nodeId, Hello hello) {
    Hello own = parts.peers().answer(nodeId, hello);
    parts.progress().write();
    return own;
  }

  SiteCard site() {
    Genesis genesis = parts.home().genesis();
    return new SiteCard(
        genesis.ledgerId().toHex(),
        genesis.site(),
        genesis.dataKeyId(),
        genesis.base(),
        genesis.lineage(),
        parts.home().members().list());
  }

  /** A change of the members that a node asks for, if it may. */
  MemberChange.Answer change(String caller, MemberChange change) {
    return switch (change) {
      case MemberChange.Join join ->
          parts.membership().join(new Member(caller, join.host(), join.port()), join.replaces());
      case MemberChange.Remove remove -> {
        if (!parts.home().members().isMember(caller)) {
          throw new HoldfastException(
              "not-a-member",
              caller + " is no member of site " + parts.home().genesis().site(),
              "");
        }
        yield parts.membership().remove(remove.nodeId());
      }
    };
  }
}
