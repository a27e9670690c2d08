package io.holdfast.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.holdfast.journal.Branch;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code genesis.json}, as docs/formats/genesis.md describes it. The checksum is there for the
 * editor that changed an address on one node only: members that differ in their genesis would not
 * be one site.
 *
 * <p>Refusals: {@code genesis-missing}, {@code genesis-unreadable}, {@code genesis-damaged} (no
 * JSON, fields missing or unknown, checksum wrong), {@code genesis-version}, {@code
 * genesis-invalid}.
 */
final class GenesisFile {
  static final String NAME = "genesis.json";

  private static final String FROM_INIT =
      "make the directories of a site with 'holdfast init' and copy each to its machine, once; if"
          + " this node ran before, mount the disk that holds its data: a node that lost its disk"
          + " has forgotten its vote and must not come back with an older directory";

  private static final String COPY_AGAIN =
      "copy this node's genesis.json again from where 'holdfast init' made it; nothing else writes"
          + " it";

  private GenesisFile() {}

  private record Content(
      int format,
      String ledgerId,
      String site,
      String nodeId,
      UUID incarnation,
      String dataKeyId,
      List<Address> members,
      String checksum) {}

  /** Of {@link Genesis#FORMAT_LATER}. */
  private record Later(
      int format,
      String ledgerId,
      String site,
      String nodeId,
      UUID incarnation,
      String dataKeyId,
      List<Address> members,
      boolean seeded,
      long baseOp,
      String baseChain,
      String checksum) {}

  /** Of {@link Genesis#FORMAT_BRANCHED}. */
  private record Branched(
      int format,
      String ledgerId,
      String site,
      String nodeId,
      UUID incarnation,
      String dataKeyId,
      List<Address> members,
      boolean seeded,
      long baseOp,
      String baseChain,
      List<BranchContent> lineage,
      String checksum) {}

  private record BranchContent(long epoch, String id, long firstOp, String chain) {}

  private record Address(String nodeId, String host, int port) {}

  static Genesis read(Path directory) {
    Path file = directory.resolve(NAME);
    byte[] bytes = bytes(file);
    Branched content;
    try {
      content =
          switch (StrictJson.MAPPER.readTree(bytes).path("format").asInt()) {
            case Genesis.FORMAT_BRANCHED -> StrictJson.MAPPER.readValue(bytes, Branched.class);
            case Genesis.FORMAT_LATER -> branched(StrictJson.MAPPER.readValue(bytes, Later.class));
            default -> branched(later(StrictJson.MAPPER.readValue(bytes, Content.class)));
          };
    } catch (IOException e) {
      String why = e instanceof JsonProcessingException j ? j.getOriginalMessage() : e.getMessage();
      throw damaged(file, why, e);
    }
    Genesis genesis;
    try {
      UInt128 ledgerId = id("ledger_id", content.ledgerId());
      genesis =
          new Genesis(
              content.format(),
              ledgerId,
              content.site(),
              content.nodeId(),
              content.incarnation(),
              content.dataKeyId(),
              content.members().stream()
                  .map(m -> new Member(m.nodeId(), m.host(), m.port()))
                  .toList(),
              content.seeded(),
              content.baseOp() == 0
                  ? null
                  : new Genesis.Base(content.baseOp(), content.baseChain()),
              lineage(ledgerId, content.lineage()));
    } catch (HoldfastException e) {
      throw new HoldfastException(e.code(), file + ": " + e.message(), hint(e), e);
    }
    if (!checksum(genesis).equals(content.checksum())) {
      throw damaged(file, "its checksum does not fit its content", null);
    }
    return genesis;
  }

  private static Later later(Content content) {
    return new Later(
        content.format(),
        content.ledgerId(),
        content.site(),
        content.nodeId(),
        content.incarnation(),
        content.dataKeyId(),
        content.members(),
        false,
        0,
        "",
        content.checksum());
  }

  private static Branched branched(Later content) {
    return new Branched(
        content.format(),
        content.ledgerId(),
        content.site(),
        content.nodeId(),
        content.incarnation(),
        content.dataKeyId(),
        content.members(),
        content.seeded(),
        content.baseOp(),
        content.baseChain(),
        List.of(),
        content.checksum());
  }

  private static Lineage lineage(UInt128 ledgerId, List<BranchContent> branches) {
    return branches.isEmpty()
        ? Lineage.ofNew(ledgerId)
        : new Lineage(ledgerId, branches.stream().map(GenesisFile::branch).toList());
  }

  private static Branch branch(BranchContent content) {
    if (!content.chain().matches("[0-9a-f]{64}")) {
      throw new HoldfastException(
          "genesis-invalid",
          "lineage.chain is '" + content.chain() + "'; allowed: 64 hex digits",
          "");
    }
    return new Branch(
        content.epoch(), id("lineage.id", content.id()), content.firstOp(), content.chain());
  }

  static void write(Path directory, Genesis genesis) {
    Genesis.Base base = genesis.base();
    List<Address> members =
        genesis.members().stream().map(m -> new Address(m.nodeId(), m.host(), m.port())).toList();
    String checksum = checksum(genesis);
    Branched all =
        new Branched(
            genesis.format(),
            genesis.ledgerId().toHex(),
            genesis.site(),
            genesis.nodeId(),
            genesis.incarnation(),
            genesis.dataKeyId(),
            members,
            genesis.seeded(),
            base == null ? 0 : base.op(),
            base == null ? "" : base.chain(),
            genesis.lineage().branches().stream()
                .map(b -> new BranchContent(b.epoch(), b.id().toHex(), b.firstOp(), b.chain()))
                .toList(),
            checksum);
    Object content =
        switch (genesis.format()) {
          case Genesis.FORMAT ->
              new Content(
                  all.format(),
                  all.ledgerId(),
                  all.site(),
                  all.nodeId(),
                  all.incarnation(),
                  all.dataKeyId(),
                  members,
                  checksum);
          case Genesis.FORMAT_LATER ->
              new Later(
                  all.format(),
                  all.ledgerId(),
                  all.site(),
                  all.nodeId(),
                  all.incarnation(),
                  all.dataKeyId(),
                  members,
                  all.seeded(),
                  all.baseOp(),
                  all.baseChain(),
                  checksum);
          default -> all;
        };
    Path file = directory.resolve(NAME);
    try {
      byte[] json = StrictJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(content);
      SystemDisk.INSTANCE.writeDurably(file, json);
    } catch (IOException e) {
      throw new HoldfastException("genesis-unwritable", file + ": " + e, "", e);
    }
  }

  /** SHA-256 over one line per field, members in their order; 64 hex digits. */
  private static String checksum(Genesis genesis) {
    StringBuilder text = new StringBuilder("holdfast genesis\n");
    text.append(genesis.format()).append('\n');
    text.append(genesis.ledgerId().toHex()).append('\n');
    text.append(genesis.site()).append('\n');
    text.append(genesis.nodeId()).append('\n');
    text.append(genesis.incarnation()).append('\n');
    text.append(genesis.dataKeyId()).append('\n');
    for (Member member : genesis.members()) {
      text.append(member.nodeId()).append(' ').append(member.address()).append('\n');
    }
    if (genesis.format() != Genesis.FORMAT) {
      Genesis.Base base = genesis.base();
      text.append(genesis.seeded() ? "seeded\n" : "not seeded\n");
      text.append(base == null ? "no base" : base.op() + " " + base.chain()).append('\n');
    }
    if (genesis.format() == Genesis.FORMAT_BRANCHED) {
      for (Branch branch : genesis.lineage().branches()) {
        text.append(branch.epoch()).append(' ').append(branch.id().toHex());
        text.append(' ').append(branch.firstOp()).append(' ').append(branch.chain()).append('\n');
      }
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static UInt128 id(String field, String hex) {
    if (!hex.matches("[0-9a-f]{32}")) {
      throw new HoldfastException(
          "genesis-invalid", field + " is '" + hex + "'; allowed: 32 hex digits", "");
    }
    return UInt128.parseId(hex);
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new HoldfastException(
          "genesis-missing",
          file
              + " does not exist: this directory was not made by 'holdfast init', so it belongs to"
              + " no site and the node does not start on it",
          FROM_INIT + "; a node that lost its disk is replaced with 'holdfast node replace'",
          e);
    } catch (IOException e) {
      throw new HoldfastException(
          "genesis-unreadable",
          file + " cannot be read: " + e,
          "look at the owner and mode of the directory: the node's own user must be able to read it",
          e);
    }
  }

  private static HoldfastException damaged(
      Path file, @Nullable String why, @Nullable Exception cause) {
    String message = file + " is damaged or was changed by hand: " + why;
    return cause == null
        ? new HoldfastException("genesis-damaged", message, COPY_AGAIN)
        : new HoldfastException("genesis-damaged", message, COPY_AGAIN, cause);
  }

  private static String hint(HoldfastException e) {
    return e.hint().isEmpty() ? COPY_AGAIN : e.hint();
  }
}
