package io.holdfast.cli;

import io.holdfast.client.LedgerAccess;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferStatus;
import io.holdfast.vault.Correction;
import io.holdfast.vault.CorrectionProposal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Submits the corrections of a proposal, request by request, in its order. What is in the ledger
 * already is passed over, so that an interrupted submission is run again as it was.
 */
final class CorrectionSubmission {
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final int EVENTS_MAX = Limits.REQUEST_EVENTS_MAX;

  private final LedgerAccess ledger;
  private final GatewayQueries queries;
  private final Duration patience;
  private final List<NotDone> notDone = new ArrayList<>();
  private int created;
  private int existed;

  CorrectionSubmission(LedgerAccess ledger, Duration patience) {
    this.ledger = ledger;
    this.queries = new GatewayQueries(ledger, patience);
    this.patience = patience;
  }

  /**
   * A correction that is not in the ledger.
   *
   * @param heldBack whether it was not submitted, since it would have been refused
   */
  record NotDone(Correction correction, TransferStatus status, boolean heldBack) {}

  int created() {
    return created;
  }

  int existed() {
    return existed;
  }

  List<NotDone> notDone() {
    return notDone;
  }

  /**
   * Refuses a proposal that is not about this ledger, or not about transfers as they are in it.
   *
   * @throws HoldfastException code {@code proposal-differs}
   */
  void check(CorrectionProposal proposal) {
    String here = Patience.on(ledger::status, patience).ledgerId();
    if (!here.equals(proposal.ledgerId().toHex())) {
      throw differs("it is for ledger " + proposal.ledgerId().toHex() + ", and this is " + here);
    }
    for (List<Correction> some : parts(proposal.corrections())) {
      Map<UInt128, Transfer> found = new HashMap<>();
      queries
          .transfers(some.stream().map(correction -> correction.original().id()).toList())
          .forEach(transfer -> found.put(transfer.id(), transfer));
      for (Correction correction : some) {
        Transfer original = correction.original();
        Transfer stored = found.get(original.id());
        if (!original.equals(stored)) {
          throw differs(
              "transfer "
                  + original.id().toId()
                  + (stored == null ? " is not in the ledger" : " is not as the proposal has it"));
        }
      }
    }
  }

  void submit(CorrectionProposal proposal) {
    for (List<Correction> some : parts(proposal.corrections())) {
      submitPart(some);
    }
  }

  private void submitPart(List<Correction> some) {
    Set<UInt128> there = new HashSet<>();
    queries
        .transfers(some.stream().map(correction -> correction.correction().id()).toList())
        .forEach(transfer -> there.add(transfer.id()));
    existed += there.size();
    List<Correction> missing =
        some.stream().filter(correction -> !there.contains(correction.correction().id())).toList();
    if (missing.isEmpty()) {
      return;
    }
    LimitForecast forecast = new LimitForecast(queries.accounts(accountsOf(missing)));
    List<Correction> sent = new ArrayList<>();
    for (Correction correction : missing) {
      TransferStatus refusal = forecast.refusal(correction);
      if (refusal == null) {
        sent.add(correction);
      } else {
        notDone.add(new NotDone(correction, refusal, true));
      }
    }
    if (!sent.isEmpty()) {
      send(sent);
    }
  }

  private void send(List<Correction> sent) {
    Request request = Request.ofTransfers(sent.stream().map(Correction::correction).toList());
    Reply reply = Patience.on(() -> ledger.submit(request, DEADLINE), patience);
    for (int i = 0; i < sent.size(); i++) {
      TransferStatus status = reply.transferStatus(i);
      if (status.isSuccess()) {
        created++; // also when only a repeated try of ours was answered
      } else {
        notDone.add(new NotDone(sent.get(i), status, false));
      }
    }
  }

  private static List<UInt128> accountsOf(List<Correction> corrections) {
    Set<UInt128> ids = new HashSet<>();
    for (Correction correction : corrections) {
      ids.add(correction.original().debitAccountId());
      ids.add(correction.original().creditAccountId());
    }
    return List.copyOf(ids);
  }

  /** A part has at most as many accounts as can be looked up at once. */
  private static List<List<Correction>> parts(List<Correction> corrections) {
    List<List<Correction>> parts = new ArrayList<>();
    for (int from = 0; from < corrections.size(); from += EVENTS_MAX / 2) {
      parts.add(corrections.subList(from, Math.min(corrections.size(), from + EVENTS_MAX / 2)));
    }
    return parts;
  }

  private static HoldfastException differs(String why) {
    return new HoldfastException(
        "corrections-differ",
        "the proposal does not fit the ledger: " + why,
        "nothing was submitted; make the proposal anew from this ledger's backups");
  }
}
