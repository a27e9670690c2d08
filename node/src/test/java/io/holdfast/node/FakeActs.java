package io.holdfast.node;

import io.holdfast.journal.Lineage;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.vault.BackupManifest;
import io.holdfast.vault.BackupSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A repository for tests that notes what is done to it, and fails as it is told. For one thread.
 */
final class FakeActs implements VaultActs {
  static final Lineage LINEAGE = Lineage.ofNew(UInt128.of(7));

  private final Clock clock;
  private final Map<String, HoldfastException> failing = new HashMap<>();
  private final List<String> done = new ArrayList<>();
  private @Nullable Taken newest;
  private Set<String> detailsKeys = Set.of();
  private boolean whole = true;

  FakeActs(Clock clock) {
    this.clock = clock;
  }

  /** What was done since the last call, in order. */
  List<String> done() {
    List<String> since = List.copyOf(done);
    done.clear();
    return since;
  }

  /** From now on this fails. */
  void fail(String what, String code) {
    failing.put(what, new HoldfastException(code, what + " does not work", ""));
  }

  void mend(String what) {
    failing.remove(what);
  }

  void detailsKeys(String... names) {
    detailsKeys = Set.of(names);
  }

  void provesWhole(boolean now) {
    whole = now;
  }

  /** Another node took a backup. */
  void takenElsewhere() {
    newest = new Taken("elsewhere", manifest());
  }

  private void act(String what) {
    done.add(what);
    HoldfastException failure = failing.get(what);
    if (failure != null) {
      throw failure;
    }
  }

  private BackupManifest manifest() {
    return new BackupManifest(
        BackupManifest.FORMAT,
        clock.wallNanos(),
        BackupManifest.Kind.HOT,
        List.of(),
        "main",
        "n1",
        LINEAGE.ledgerId().toHex(),
        "",
        HexFormat.of().formatHex(LINEAGE.encode()),
        9,
        clock.wallNanos(),
        "",
        List.of(),
        List.of(),
        detailsKeys.stream().map(name -> new BackupManifest.KeyRef(name, "object")).toList(),
        List.of(),
        100,
        10,
        1);
  }

  @Override
  public Found lookUp(Lineage lineage) {
    act("look-up");
    Taken last = newest;
    return last == null ? new Found(null, null, 0) : new Found(last.name(), last.manifest(), 0);
  }

  @Override
  public Taken backUp(BackupSource source, RepositoryProgress progress) {
    act("backup");
    Taken taken = new Taken("backup", manifest());
    newest = taken;
    return taken;
  }

  @Override
  public String expire(RepositoryConfig.Keep keep) {
    act("expire");
    return "some";
  }

  @Override
  public boolean hasJournal(BackupSource source) {
    return true;
  }

  @Override
  public Set<String> detailsKeys(BackupSource source) {
    return detailsKeys;
  }

  @Override
  public Proof prove() {
    act("prove");
    return new Proof(whole, whole ? "all is there" : "1 findings, the first: objects/aa: lost");
  }

  @Override
  public void tryKey() {
    act("key");
  }
}
