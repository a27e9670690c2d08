package io.holdfast.ledger;

import static io.holdfast.ledger.TransferDraft.pay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RequestTest {
  private static final byte[] ONE = {1};

  static Stream<Arguments> malformed() {
    return Stream.of(
        arguments("length is 15; allowed: at least 16 bytes", cut(15)),
        arguments("magic is 0; allowed: the four bytes HFRQ", change(b -> b.putInt(0, 0))),
        arguments("version is 2; allowed: 1", change(b -> b.put(4, (byte) 2))),
        arguments("version is 255; allowed: 1", change(b -> b.put(4, (byte) -1))),
        arguments(
            "kind is 0; allowed: 1 (create accounts) or 2 (create transfers)",
            change(b -> b.put(5, (byte) 0))),
        arguments(
            "kind is 3; allowed: 1 (create accounts) or 2 (create transfers)",
            Request.pulse().bytes()),
        arguments(
            "flags is 2; allowed: 0, or 1 for details", change(b -> b.putShort(6, (short) 2))),
        arguments(
            "flags is 1; allowed: 0: only transfers have details", change(b -> b.put(5, (byte) 1))),
        arguments("event count is 0; allowed: 1 to 8189", change(b -> b.putInt(8, 0))),
        arguments("event count is 8190; allowed: 1 to 8189", change(b -> b.putInt(8, 8190))),
        arguments("event count is 4294967295; allowed: 1 to 8189", change(b -> b.putInt(8, -1))),
        arguments(
            "bytes of details is 1; allowed: 0 without flag 1",
            change(b -> b.putShort(6, (short) 0))),
        arguments(
            "length is 149; allowed: 148 bytes for what the header says",
            change(b -> b.putInt(12, 2), 149)),
        arguments(
            "length is 147; allowed: 4294967441 bytes for what the header says",
            change(b -> b.putInt(12, -1))),
        arguments("length is 146; allowed: 147 bytes for what the header says", cut(146)),
        arguments(
            "bytes of details is 1; allowed: the sum of the lengths, 0",
            change(b -> b.putShort(144, (short) 0))),
        arguments(
            "length of details of event 0 is 4097; allowed: at most 4096",
            change(b -> b.putShort(144, (short) 4097))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void a_malformed_request_is_refused_by_field_and_value(String message, byte[] bytes) {
    assertThatThrownBy(() -> Request.parse(bytes))
        .isInstanceOfSatisfying(
            HoldfastException.class,
            e -> {
              assertThat(e.code()).isEqualTo("malformed-request");
              assertThat(e.message()).isEqualTo("the request's " + message);
              assertThat(e.hint()).isEqualTo("see docs/formats/request.md");
            });
  }

  private static byte[] good() {
    return Bank.request(pay(100, 1, 2, 5).details(ONE)).bytes().clone();
  }

  private static byte[] cut(int length) {
    return Arrays.copyOf(good(), length);
  }

  private static byte[] change(Consumer<ByteBuffer> change) {
    return change(change, good().length);
  }

  private static byte[] change(Consumer<ByteBuffer> change, int length) {
    byte[] bytes = cut(length);
    change.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    return bytes;
  }

  @Test
  void a_request_that_is_too_large_is_refused() {
    List<TransferDraft> drafts = new ArrayList<>();
    for (int i = 1; i <= 460; i++) {
      drafts.add(pay(i, 1, 2, 1).details(new byte[Limits.DETAILS_BYTES_MAX]));
    }
    assertThatThrownBy(() -> Bank.request(drafts.toArray(TransferDraft[]::new)))
        .isInstanceOfSatisfying(
            HoldfastException.class,
            e -> {
              assertThat(e.code()).isEqualTo("request-too-large");
              assertThat(e.message())
                  .isEqualTo("the request has 1943976 bytes; allowed: at most 1895904");
            });
  }

  @Test
  void details_longer_than_a_request_can_say_are_refused() {
    assertThatThrownBy(() -> Bank.request(pay(1, 1, 2, 1).details(new byte[65_537])))
        .isInstanceOf(HoldfastException.class)
        .hasMessageContaining("length of details of event 0 is 65537; allowed: at most 4096");
  }

  @Test
  void the_bytes_of_a_request_are_as_documented() {
    byte[] bytes =
        Bank.request(
                pay(0x0102, 3, 4, 5).userData(6, 7, 8).code(9).details(ONE).with(1),
                pay(0x0103, 3, 4, 5))
            .bytes();
    String header = "48465251" + "01" + "02" + "0100" + "02000000" + "01000000";
    String first =
        "02010000000000000000000000000000"
            + "03000000000000000000000000000000"
            + "04000000000000000000000000000000"
            + "05000000000000000000000000000000"
            + "00000000000000000000000000000000"
            + "06000000000000000000000000000000"
            + "0700000000000000"
            + "08000000"
            + "00000000"
            + "01000000"
            + "0900"
            + "0100"
            + "0000000000000000";
    assertThat(HexFormat.of().formatHex(bytes))
        .hasSize(2 * (16 + 2 * 128 + 4 + 1))
        .startsWith(header + first)
        .endsWith("0100" + "0000" + "01");
    assertThat(Request.parse(bytes).eventCount()).isEqualTo(2);
    assertThat(Request.parse(bytes).hasDetails()).isTrue();
  }

  @Test
  void a_reply_reads_back_as_it_was_written() {
    byte[] results = new byte[32];
    ByteBuffer.wrap(results)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(77)
        .putInt(-1)
        .putInt(0)
        .putLong(0)
        .putInt(68)
        .putInt(54);
    Reply reply = Reply.parse(new Reply(5, results).encode());
    assertThat(reply.op()).isEqualTo(5);
    assertThat(reply.count()).isEqualTo(2);
    assertThat(reply.transferStatus(0)).isEqualTo(TransferStatus.CREATED);
    assertThat(reply.timestamp(0)).isEqualTo(77);
    assertThat(reply.transferStatus(1)).isEqualTo(TransferStatus.ID_ALREADY_FAILED);
    assertThat(reply.reserved(1)).isEqualTo(54);
    assertThat(HexFormat.of().formatHex(reply.encode()))
        .startsWith("48465250" + "01000000" + "0500000000000000" + "4d00000000000000" + "ffffffff");
  }

  @Test
  void what_is_no_reply_is_refused() {
    byte[] good = new Reply(5, new byte[16]).encode();
    for (int at : new int[] {0, 4}) {
      byte[] bad = good.clone();
      bad[at]++;
      assertNoReply(bad);
    }
    assertNoReply(Arrays.copyOf(good, 31));
    assertNoReply(Arrays.copyOf(good, 15));
  }

  private static void assertNoReply(byte[] bytes) {
    assertThatThrownBy(() -> Reply.parse(bytes))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("malformed-reply"))
        .hasMessage("what came back in " + bytes.length + " bytes is no reply of version 1");
  }
}
