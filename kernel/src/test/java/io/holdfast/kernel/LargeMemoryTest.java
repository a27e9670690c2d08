package io.holdfast.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class LargeMemoryTest {
  @Test
  void memory_of_any_size_is_zeroed_and_all_there() {
    for (long bytes : new long[] {4096, LargeMemory.HUGE_PAGE_BYTES, 5_000_000}) {
      try (Arena arena = Arena.ofShared()) {
        MemorySegment memory = LargeMemory.allocate(arena, bytes);
        assertThat(memory.byteSize()).isEqualTo(bytes);
        assertThat(memory.address() % 4096).isZero();
        for (long at = 0; at < bytes; at += 512) {
          assertThat(memory.get(ValueLayout.JAVA_BYTE, at)).isZero();
        }
        memory.fill((byte) 7);
        assertThat(memory.get(ValueLayout.JAVA_BYTE, bytes - 1)).isEqualTo((byte) 7);
        assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, bytes))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
    }
  }

  @Test
  void memory_is_gone_with_its_arena() {
    Arena arena = Arena.ofShared();
    MemorySegment memory = LargeMemory.allocate(arena, 4 << 20);
    arena.close();
    assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }
}
