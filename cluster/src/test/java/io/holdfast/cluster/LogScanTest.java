package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogScanTest {
  private static final UUID INCARNATION = new UUID(1, 2);

  @TempDir Path directory;

  @Test
  void a_whole_log_is_counted_over_its_segments() throws IOException {
    segment("log_0-2", 0, 3);
    segment("log_inprogress_3", 3, 2);

    LogScan.Result result = LogScan.scan(directory, durable(4));

    assertThat(result.entries()).isEqualTo(5);
    assertThat(result.lastIndex()).isEqualTo(4);
    assertThat(result.cutBytes()).isZero();
  }

  @Test
  void zeros_written_ahead_are_no_damage() throws IOException {
    Path file = segment("log_inprogress_0", 0, 2);
    append(file, new byte[4096]);

    assertThat(LogScan.scan(directory, durable(1)).cutBytes()).isZero();
  }

  @Test
  void a_torn_last_write_is_cut_off() throws IOException {
    Path file = segment("log_inprogress_0", 0, 2);
    long whole = Files.size(file);
    byte[] torn = entry(2);
    append(file, java.util.Arrays.copyOf(torn, torn.length / 2));

    LogScan.Result result = LogScan.scan(directory, durable(1));

    assertThat(result.lastIndex()).isEqualTo(1);
    assertThat(result.cutBytes()).isEqualTo(torn.length / 2);
    assertThat(Files.size(file)).isEqualTo(whole);
  }

  @Test
  void a_torn_write_over_zeroed_blocks_is_cut_off() throws IOException {
    Path file = segment("log_inprogress_0", 0, 2);
    long whole = Files.size(file);
    byte[] torn = entry(2);
    java.util.Arrays.fill(torn, torn.length / 2, torn.length, (byte) 0);
    append(file, torn);
    append(file, new byte[512]);

    assertThat(LogScan.scan(directory, durable(1)).lastIndex()).isEqualTo(1);
    assertThat(Files.size(file)).isEqualTo(whole);
  }

  @Test
  void a_tail_below_the_durable_pointer_is_never_cut() throws IOException {
    Path file = segment("log_inprogress_0", 0, 2);
    append(file, java.util.Arrays.copyOf(entry(2), 20));
    long size = Files.size(file);

    assertCode("log-lost", durable(2));
    assertThat(Files.size(file)).isEqualTo(size);
  }

  @Test
  void a_flipped_bit_before_valid_entries_refuses_and_names_file_and_byte() throws IOException {
    Path file = segment("log_inprogress_0", 0, 5);
    byte[] bytes = Files.readAllBytes(file);
    bytes[8 + entry(0).length + 40] ^= 4;
    Files.write(file, bytes);

    assertThatThrownBy(() -> LogScan.scan(directory, durable(4)))
        .hasMessageContaining("log_inprogress_0")
        .hasMessageContaining("byte " + (8 + entry(0).length));
    assertCode("log-damaged", null);
  }

  @Test
  void a_flipped_length_is_not_taken_for_an_end() throws IOException {
    Path file = segment("log_inprogress_0", 0, 5);
    byte[] bytes = Files.readAllBytes(file);
    bytes[8 + entry(0).length + 1] |= 0x70; // the second byte of the varint: the entry seems huge
    Files.write(file, bytes);

    assertCode("log-damaged", null);
  }

  @Test
  void a_flip_in_the_last_entry_of_a_log_known_to_be_durable_refuses() throws IOException {
    Path file = segment("log_inprogress_0", 0, 3);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 30] ^= 1;
    Files.write(file, bytes);

    assertCode("log-lost", durable(2));
  }

  @Test
  void a_closed_segment_may_not_end_early() throws IOException {
    Path file = segment("log_0-2", 0, 3);
    segment("log_inprogress_3", 3, 1);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 5));

    assertCode("log-damaged", null);
  }

  @Test
  void a_missing_segment_refuses() throws IOException {
    segment("log_0-2", 0, 3);
    segment("log_5-6", 5, 2);

    assertCode("log-damaged", null);
  }

  @Test
  void a_wiped_log_of_a_node_that_had_started_refuses() {
    assertCode("log-lost", durable(0));
  }

  @Test
  void a_node_that_never_started_has_an_empty_log() {
    LogScan.Result result = LogScan.scan(directory.resolve("current"), null);

    assertThat(result.lastIndex()).isEqualTo(-1);
  }

  @Test
  void any_single_flipped_bit_is_noticed_or_harmless() throws IOException {
    Path file = segment("log_inprogress_0", 0, 6);
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(42);
    for (int i = 0; i < 500; i++) {
      byte[] flipped = whole.clone();
      int at = random.nextInt(flipped.length);
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, flipped);
      assertThatThrownBy(() -> LogScan.scan(directory, durable(5)))
          .as("bit flipped in byte %d", at)
          .isInstanceOf(HoldfastException.class);
      Files.write(file, whole);
    }
  }

  @Test
  void a_log_that_ends_before_what_the_journal_covers_goes_and_the_vote_stays() throws IOException {
    Path closed = segment("log_0-2", 0, 3);
    Path open = segment("log_inprogress_3", 3, 2);
    Path vote = Files.write(directory.resolve("raft-meta"), new byte[] {1});

    assertThatThrownBy(() -> LogScan.removeUpTo(directory, 3))
        .as("entry 4 is nowhere else")
        .hasMessageContaining("only what the journal covers is removed");
    assertThat(closed).exists();
    LogScan.removeUpTo(directory, 4);

    assertThat(closed).doesNotExist();
    assertThat(open).doesNotExist();
    assertThat(vote).exists();
    assertThat(LogScan.scan(directory, durable(4), 9).entries()).isZero();
    assertCode("log-lost", durable(4));
  }

  @Test
  void a_node_whose_vote_is_gone_does_not_start_whatever_its_journal_covers() {
    assertThatThrownBy(() -> LogScan.scan(directory, durable(4), 9))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("log-lost"));
  }

  private void assertCode(String code, @org.jspecify.annotations.Nullable Progress durable) {
    assertThatThrownBy(() -> LogScan.scan(directory, durable))
        .isInstanceOfSatisfying(HoldfastException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static Progress durable(long index) {
    return new Progress(INCARNATION, 1, index, 1, 0, true, java.util.Map.of());
  }

  private Path segment(String name, long first, int count) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("RaftLog1".getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < count; i++) {
      out.writeBytes(entry(first + i));
    }
    return Files.write(directory.resolve(name), out.toByteArray());
  }

  private static void append(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes, java.nio.file.StandardOpenOption.APPEND);
  }

  private static byte[] entry(long index) {
    byte[] payload = new byte[300];
    new Random(index).nextBytes(payload);
    byte[] body =
        LogEntryProto.newBuilder()
            .setTerm(3)
            .setIndex(index)
            .setStateMachineLogEntry(
                StateMachineLogEntryProto.newBuilder().setLogData(ByteString.copyFrom(payload)))
            .build()
            .toByteArray();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int rest = body.length; ; rest >>>= 7) {
      out.write(rest > 127 ? ((rest & 127) | 128) : rest);
      if (rest <= 127) {
        break;
      }
    }
    out.writeBytes(body);
    CRC32C crc = new CRC32C();
    crc.update(out.toByteArray());
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    return out.toByteArray();
  }
}
