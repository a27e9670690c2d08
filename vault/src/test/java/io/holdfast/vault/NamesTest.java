package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an onlooker of the store learns: nothing but how many objects there are, and their sizes.
 */
class NamesTest {
  private static final long OP = 4_711_815;
  private static final long TIME = 1_800_000_000_123_456_789L;
  private static final String LEDGER = "0123456789abcdef0123456789abcdef";

  @TempDir private Path directory = Path.of("");

  @Test
  void neither_names_nor_bytes_tell_of_ops_times_ledgers_or_contents() {
    ShelfRepository shelf = filled("one");
    List<byte[]> telling = new ArrayList<>();
    for (String word : List.of(LEDGER, "payment", Long.toString(OP), Long.toString(TIME))) {
      telling.add(word.getBytes(StandardCharsets.US_ASCII));
    }
    telling.add(HexFormat.of().parseHex(LEDGER));
    telling.add(digest());
    telling.add(HexFormat.of().formatHex(digest()).getBytes(StandardCharsets.US_ASCII));
    telling.add(ByteBuffer.allocate(8).putLong(OP).array());
    telling.add(HexFormat.of().toHexDigits(OP).getBytes(StandardCharsets.US_ASCII));
    telling.add(HexFormat.of().toHexDigits(TIME).getBytes(StandardCharsets.US_ASCII));
    for (String name : shelf.names()) {
      for (byte[] secret : telling) {
        assertThat(contains(name.getBytes(StandardCharsets.US_ASCII), secret)).as(name).isFalse();
        if (!name.startsWith("keys/")) {
          assertThat(contains(shelf.get(name), secret)).as(name).isFalse();
        }
      }
    }
    assertThat(contains(content(), telling.get(1))).as("the search finds what is there").isTrue();
  }

  @Test
  void the_same_content_has_other_names_and_bytes_in_another_repository() {
    ShelfRepository one = filled("one");
    ShelfRepository two = filled("two");
    Set<String> shared = new HashSet<>(one.names());
    shared.retainAll(two.names());
    assertThat(shared).containsExactly("keys/0000000001");
    assertThat(one.names()).hasSameSizeAs(two.names());
  }

  private ShelfRepository filled(String name) {
    ShelfRepository shelf = new ShelfRepository(() -> 0);
    Path key = directory.resolve(name);
    MasterKeyFiles.create(key);
    try (Vault vault = Vault.create(shelf, new MasterKey.KeyFile(key))) {
      vault.store(ObjectKind.PIECE, digest(), content());
      vault.store(ObjectKind.TAIL, ByteBuffer.allocate(8).putLong(OP).array(), content());
      vault.store(ObjectKind.DATA_KEY, HexFormat.of().parseHex(LEDGER), content());
      vault.publish("backups", content());
    }
    return shelf;
  }

  private static byte[] content() {
    return ("{\"payment\":1,\"ledger\":\"" + LEDGER + "\",\"op\":" + OP + ",\"at\":" + TIME + "}")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] digest() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean contains(byte[] all, byte[] part) {
    String text = new String(all, StandardCharsets.ISO_8859_1);
    return text.contains(new String(part, StandardCharsets.ISO_8859_1));
  }
}
