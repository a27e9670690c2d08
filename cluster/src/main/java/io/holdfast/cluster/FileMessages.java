package io.holdfast.cluster;

import io.holdfast.journal.FileKind;
import io.holdfast.journal.FileListing;
import io.holdfast.journal.StoredFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What nodes of a site say to each other about their files, as bytes. Little-endian.
 *
 * <pre>
 * list    : version (2), kind (1) or 0 for all files, name (text), empty for all
 * listing : version (2), epoch (8), durable op (8), pending (4), ledger id, branch id (texts), count (4),
 *           each: kind (1), complete (1), bytes (8), SHA-256 (32), name (text)
 * read    : version (2), kind (1), offset (8), length (4), name (text)
 * </pre>
 *
 * A text is length (4) and ASCII. The answer to {@code read} is the bytes alone. See
 * docs/formats/peer-messages.md.
 */
final class FileMessages {
  private static final short VERSION = 1;
  private static final int DIGEST_BYTES = 32;
  private static final int FILE_BYTES = 1 + 1 + 8 + DIGEST_BYTES + 4;
  private static final int FILES_MAX = 1 << 17; // what fits into the largest message

  private FileMessages() {}

  /** A part of a file. */
  record Read(FileKind kind, String name, long offset, int length) {}

  /** One file, or all files if there is none. */
  record Ask(@Nullable FileKind kind, String name) {
    static final Ask ALL = new Ask(null, "");
  }

  static byte[] encodeAsk(Ask ask) {
    ByteBuffer out =
        ByteBuffer.allocate(2 + 1 + 4 + ask.name().length())
            .order(ByteOrder.LITTLE_ENDIAN)
            .putShort(VERSION)
            .put(ask.kind() == null ? 0 : ask.kind().code());
    putText(out, ask.name());
    return out.array();
  }

  static Ask decodeAsk(byte[] bytes) {
    return PeerMessages.decode(
        "list",
        () -> {
          ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
          checkVersion(in);
          byte code = in.get();
          if (code == 0) {
            return Ask.ALL;
          }
          FileKind kind = kind(code);
          return new Ask(kind, name(kind, PeerMessages.text(in)));
        });
  }

  static byte[] encodeListing(FileListing listing) {
    int size = 2 + 8 + 8 + 4 + 12 + listing.ledgerId().length() + listing.branchId().length();
    for (StoredFile file : listing.files()) {
      size += FILE_BYTES + file.name().length();
    }
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    out.putShort(VERSION)
        .putLong(listing.epoch())
        .putLong(listing.durableOp())
        .putInt(listing.pending());
    putText(out, listing.ledgerId());
    putText(out, listing.branchId());
    out.putInt(listing.files().size());
    for (StoredFile file : listing.files()) {
      out.put(file.kind().code())
          .put((byte) (file.complete() ? 1 : 0))
          .putLong(file.sizeBytes())
          .put(HexFormat.of().parseHex(file.sha256()));
      putText(out, file.name());
    }
    return out.array();
  }

  static FileListing decodeListing(byte[] bytes) {
    return PeerMessages.decode(
        "listing of files",
        () -> {
          ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
          checkVersion(in);
          long epoch = in.getLong();
          long durableOp = in.getLong();
          int pending = in.getInt();
          String ledgerId = PeerMessages.text(in);
          String branchId = PeerMessages.text(in);
          int count = in.getInt();
          List<StoredFile> files = new ArrayList<>(Math.clamp(count, 0, FILES_MAX));
          for (int i = 0; i < count; i++) {
            files.add(file(in));
          }
          return new FileListing(ledgerId, branchId, epoch, durableOp, pending, files);
        });
  }

  private static StoredFile file(ByteBuffer in) {
    FileKind kind = kind(in.get());
    boolean complete = in.get() != 0;
    long sizeBytes = in.getLong();
    byte[] sha256 = new byte[DIGEST_BYTES];
    in.get(sha256);
    String name = name(kind, PeerMessages.text(in));
    if (sizeBytes < 0) {
      throw PeerMessages.malformed("listing of a file of " + sizeBytes + " bytes");
    }
    return new StoredFile(kind, name, sizeBytes, HexFormat.of().formatHex(sha256), complete);
  }

  static byte[] encodeRead(Read read) {
    ByteBuffer out =
        ByteBuffer.allocate(2 + 1 + 8 + 4 + 4 + read.name().length())
            .order(ByteOrder.LITTLE_ENDIAN)
            .putShort(VERSION)
            .put(read.kind().code())
            .putLong(read.offset())
            .putInt(read.length());
    putText(out, read.name());
    return out.array();
  }

  static Read decodeRead(byte[] bytes) {
    return PeerMessages.decode(
        "read",
        () -> {
          ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
          checkVersion(in);
          FileKind kind = kind(in.get());
          long offset = in.getLong();
          int length = in.getInt();
          return new Read(kind, name(kind, PeerMessages.text(in)), offset, length);
        });
  }

  private static void checkVersion(ByteBuffer in) {
    short version = in.getShort();
    if (version != VERSION) {
      throw PeerMessages.malformed("message about files of version " + version);
    }
  }

  private static FileKind kind(byte code) {
    FileKind kind = FileKind.of(code);
    if (kind == null) {
      throw PeerMessages.malformed("file of kind " + code);
    }
    return kind;
  }

  /** A name goes into a path, so it is one of ours or nothing. */
  private static String name(FileKind kind, String name) {
    if (!kind.isName(name)) {
      throw PeerMessages.malformed("name that no " + kind + " has");
    }
    return name;
  }

  private static void putText(ByteBuffer out, String text) {
    out.putInt(text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
  }
}
