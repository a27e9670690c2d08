package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.testkit.HostileDisk;
import io.holdfast.testkit.HostileDisk.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint taken apart and put together again is the same file. */
class CheckpointPagesTest {
  private static final Path MADE = Path.of("/made");

  @TempDir Path temporary;
  private HostileDisk disk = new HostileDisk(1);
  private DataKey key = DataKey.create();
  private Path file = MADE;

  @BeforeEach
  void read() throws IOException {
    disk = GoldenFiles.disk("checkpoints-1");
    key = GoldenFiles.key("journal-1", temporary);
    file = disk.list(GoldenFiles.DIRECTORY).getFirst();
  }

  private record Parts(byte[] frame, List<byte[]> pages) {}

  private Parts parts() throws IOException {
    try (CheckpointPages pages = CheckpointPages.open(disk, file, key)) {
      List<byte[]> all = new ArrayList<>();
      byte[] page = new byte[CheckpointPages.PAGE_BYTES];
      while (pages.next(page)) {
        all.add(page.clone());
      }
      assertThat(all).hasSize(pages.pages());
      return new Parts(pages.frame(), all);
    }
  }

  private static void assertCode(String code, ThrowingCallable body) {
    assertThatThrownBy(body)
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).as(e.message()).isEqualTo(code));
  }

  @Test
  void it_comes_out_byte_for_byte() throws IOException {
    Parts parts = parts();
    assertThat(CheckpointAssembly.pages(parts.frame())).isEqualTo(parts.pages().size());
    CheckpointAssembly.write(disk, MADE, key, parts.frame(), i -> parts.pages().get(i));
    assertThat(disk.list(MADE)).hasSize(1);
    assertThat(disk.bytes(MADE.resolve(file.getFileName()))).isEqualTo(disk.bytes(file));
  }

  @Test
  void it_says_what_it_is() throws IOException {
    try (CheckpointPages pages = CheckpointPages.open(disk, file, key)) {
      assertThat(pages.op()).isEqualTo(24);
      assertThat(pages.transfers()).isPositive();
      assertThat(pages.root()).hasSize(64);
      assertThat(pages.lineage()).isEqualTo(Lineage.ofNew(LedgerRun.LEDGER_ID));
    }
  }

  @Test
  void what_does_not_give_the_root_gets_no_name() throws IOException {
    Parts parts = parts();
    Random random = new Random(4);
    for (int i = 0; i < 200; i++) {
      List<byte[]> pages = new ArrayList<>();
      parts.pages().forEach(page -> pages.add(page.clone()));
      byte[] page = pages.get(random.nextInt(pages.size()));
      page[random.nextInt(page.length)] ^= (byte) (1 << random.nextInt(8));
      assertCode(
          "checkpoint-damaged",
          () -> CheckpointAssembly.write(disk, MADE, key, parts.frame(), pages::get));
    }
    List<byte[]> swapped = parts.pages().reversed();
    assertCode(
        "checkpoint-damaged",
        () -> CheckpointAssembly.write(disk, MADE, key, parts.frame(), swapped::get));
    assertCode(
        "checkpoint-damaged",
        () -> CheckpointAssembly.write(disk, MADE, key, parts.frame(), i -> new byte[100]));
    assertCode(
        "wrong-data-key",
        () ->
            CheckpointAssembly.write(
                disk, MADE, DataKey.create(), parts.frame(), parts.pages()::get));
    for (int bytes = 0; bytes < parts.frame().length; bytes++) {
      byte[] part = Arrays.copyOf(parts.frame(), bytes);
      assertCode("checkpoint-damaged", () -> CheckpointAssembly.pages(part));
    }
    assertThat(disk.list(MADE)).isEmpty();
  }

  @Test
  void damage_is_found_while_pages_are_read() throws IOException {
    Random random = new Random(6);
    long bits = 8L * disk.bytes(file).length;
    for (int i = 0; i < 300; i++) {
      long bit = random.nextLong(bits);
      disk.flip(file, bit);
      assertCode("checkpoint-damaged", this::parts);
      disk.flip(file, bit);
    }
  }

  @Test
  void whichever_call_fails_it_is_whole_or_not_there_and_can_be_written_again() throws IOException {
    Parts parts = parts();
    Path made = MADE.resolve(file.getFileName());
    byte[] golden = disk.bytes(file);
    HostileDisk counted = new HostileDisk(0);
    CheckpointAssembly.write(counted, MADE, key, parts.frame(), parts.pages()::get);
    assertThat(counted.calls()).isGreaterThan(4);
    for (long seed = 0; seed < 20; seed++) {
      for (long call = 0; call < counted.calls(); call++) {
        HostileDisk other = new HostileDisk(seed);
        other.failAfter(call, Fault.FAILING);
        assertThatThrownBy(
                () -> CheckpointAssembly.write(other, MADE, key, parts.frame(), parts.pages()::get))
            .isInstanceOf(IOException.class);
        other.crash();
        if (other.exists(made)) {
          assertThat(other.bytes(made)).isEqualTo(golden);
        }
        CheckpointAssembly.write(other, MADE, key, parts.frame(), parts.pages()::get);
        other.crash();
        assertThat(other.bytes(made)).isEqualTo(golden);
      }
    }
  }
}
