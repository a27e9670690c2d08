package io.holdfast.vault;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.DetailsKeys;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.ledger.DetailsKeyName;
import io.holdfast.ledger.DetailsKeyState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The keys that details of a restored history are sealed under. */
final class RestoredDetailsKeys {
  private RestoredDetailsKeys() {}

  /**
   * Brings the keys that details are sealed under, but none that the history says is destroyed;
   * names those that nobody has.
   */
  static List<String> bring(
      RestoreSources sources, Path directory, DataKey dataKey, List<DetailsKeyState> states)
      throws IOException {
    Path keys = directory.resolve("keys").resolve("details");
    Path arriving = directory.resolve("keys").resolve("arriving");
    Files.createDirectories(keys);
    List<String> missing = new ArrayList<>();
    for (DetailsKeyState state : states) {
      if (state.destroyed()) {
        continue;
      }
      String label = state.name().label();
      try {
        String moved =
            sources.any(
                ObjectKind.DETAILS_KEY,
                label.getBytes(StandardCharsets.US_ASCII),
                content -> arrived(arriving, keys, dataKey, state.name(), content));
        if (moved.isEmpty()) {
          missing.add(label);
        }
      } catch (HoldfastException e) {
        if (e.code().startsWith("disk-")) {
          throw e;
        }
        missing.add(label);
      }
    }
    Restore.clear(arriving);
    SystemDisk.INSTANCE.syncDirectory(keys);
    return missing;
  }

  private static String arrived(
      Path arriving, Path keys, DataKey dataKey, DetailsKeyName name, byte[] content)
      throws IOException {
    Restore.clear(arriving);
    Files.createDirectories(arriving);
    Path file = arriving.resolve(name.label() + ".key");
    SystemDisk.INSTANCE.writeSecret(file, content);
    if (DetailsKeys.open(SystemDisk.INSTANCE, arriving, dataKey).find(name) == null) {
      throw new HoldfastException("object-damaged", "it is not the key " + name.label(), "");
    }
    SystemDisk.INSTANCE.move(file, keys.resolve(file.getFileName()));
    return name.label();
  }
}
