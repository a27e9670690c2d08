package io.holdfast.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * From whose data a site that lost most of its nodes is to go on, and exactly which: what operators
 * sign. Whatever is not in it they did not agree to; a directory that is no more as it says is
 * refused. See docs/formats/recovery.md.
 *
 * @param nodeId the survivor, the one node that the site begins anew with, at {@code host} and
 *     {@code port}
 * @param journalIndex the entry of consensus with the journal's last op; -1 for none
 * @param lastOp the journal's last op once the rest of the log is in it
 * @param signatures made so far
 */
public record RecoveryProposal(
    int format,
    String ledgerId,
    String site,
    UUID oldIncarnation,
    UUID newIncarnation,
    String nodeId,
    String host,
    int port,
    long journalOp,
    String journalChain,
    long journalIndex,
    long logTerm,
    long logIndex,
    String logDigest,
    long lastOp,
    String reason,
    String proposedAt,
    List<Signed> signatures) {
  static final int FORMAT = 1;

  /** Enough for a sentence or two; it is shown to everyone who signs. */
  private static final int REASON_MAX = 400;

  public RecoveryProposal {
    signatures = List.copyOf(signatures);
    if (format != FORMAT) {
      throw damaged("its format is " + format + "; this version of Holdfast reads " + FORMAT);
    }
    if (reason.isBlank()
        || reason.length() > REASON_MAX
        || reason.chars().anyMatch(Character::isISOControl)) {
      throw new HoldfastException(
          "bad-reason",
          "the reason has " + reason.length() + " characters or more than one line",
          "say in one line of at most " + REASON_MAX + " characters why the site is recovered");
    }
  }

  /** A signature of an operator, over {@link #signedBytes}. */
  public record Signed(String name, String publicKey, String signature) {}

  /**
   * Proposes to go on from what a survivor has.
   *
   * @throws HoldfastException codes {@code bad-reason}, {@code nothing-to-recover}, {@code
   *     not-a-member}
   */
  public static RecoveryProposal from(Survivor survivor, String reason, Instant now) {
    Genesis genesis = survivor.genesis();
    if (survivor.lastOp() == 0) {
      throw new HoldfastException(
          "nothing-to-recover",
          genesis.nodeId() + " has no op at all",
          "a ledger in which nothing happened is begun again with 'holdfast init'");
    }
    if (!survivor.isMember()) {
      throw new HoldfastException(
          "not-a-member",
          genesis.nodeId() + " was no member of site " + genesis.site() + " at the end",
          "go on from a node that was");
    }
    return new RecoveryProposal(
        FORMAT,
        genesis.ledgerId().toHex(),
        genesis.site(),
        genesis.incarnation(),
        UUID.randomUUID(),
        genesis.nodeId(),
        genesis.self().host(),
        genesis.self().port(),
        survivor.journalOp(),
        survivor.journalChain(),
        survivor.journalIndex(),
        survivor.logTerm(),
        survivor.logIndex(),
        survivor.digestBeyond(),
        survivor.lastOp(),
        reason,
        now.toString(),
        List.of());
  }

  /** Reads a proposal; code {@code proposal-damaged}. */
  public static RecoveryProposal read(Path file) {
    try {
      return StrictJson.MAPPER.readValue(Files.readAllBytes(file), RecoveryProposal.class);
    } catch (JsonProcessingException e) {
      throw e.getCause() instanceof HoldfastException coded
          ? coded
          : damaged(file + ": " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new HoldfastException(
          "proposal-damaged", file + " cannot be read: " + e, "name the proposal's file", e);
    }
  }

  public void write(Path file) throws IOException {
    SystemDisk.INSTANCE.writeDurably(
        file, StrictJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
  }

  /** With one more signature; signing again changes nothing. */
  public RecoveryProposal signedBy(OperatorKey key) {
    Operator operator = key.operator();
    List<Signed> all = new ArrayList<>(signatures);
    all.removeIf(one -> one.publicKey().equals(operator.publicKey()));
    all.add(
        new Signed(operator.name(), operator.publicKey(), key.sign(signedBytes(operator.name()))));
    return new RecoveryProposal(
        format,
        ledgerId,
        site,
        oldIncarnation,
        newIncarnation,
        nodeId,
        host,
        port,
        journalOp,
        journalChain,
        journalIndex,
        logTerm,
        logIndex,
        logDigest,
        lastOp,
        reason,
        proposedAt,
        all);
  }

  /** What an operator signs: one line per field, in UTF-8. */
  byte[] signedBytes(String operatorName) {
    List<Object> lines =
        List.of(
            "holdfast recovery proposal",
            format,
            ledgerId,
            site,
            oldIncarnation,
            newIncarnation,
            nodeId + " " + host + ":" + port,
            journalOp,
            journalChain,
            journalIndex,
            logTerm,
            logIndex,
            logDigest,
            lastOp,
            reason,
            proposedAt,
            operatorName);
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The names of those of the trusted operators whose signature is on it and fits. A key counts
   * once, whatever names it goes by, and so does a name.
   */
  public List<String> signers(List<Operator> trusted) {
    Map<String, String> byKey = new TreeMap<>();
    for (Operator operator : trusted) {
      if (signatures.stream().anyMatch(one -> isOf(operator, one))) {
        byKey.putIfAbsent(operator.publicKey(), operator.name());
      }
    }
    return byKey.values().stream().distinct().sorted().toList();
  }

  private boolean isOf(Operator operator, Signed one) {
    return one.publicKey().equals(operator.publicKey())
        && one.name().equals(operator.name())
        && operator.signed(signedBytes(operator.name()), one.signature());
  }

  private static HoldfastException damaged(String what) {
    return new HoldfastException(
        "proposal-damaged",
        "the proposal can't be read: " + what,
        "make it again with 'holdfast recover propose'");
  }
}
