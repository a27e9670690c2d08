package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verifying finds whatever is wrong in a repository, names it, and finds nothing else. */
class VerifyTest {
  private static final long SEGMENT_BYTES = 10 << 20;
  private static final RepositoryKeys KEYS = RepositoryKeys.create();
  private static final Verify.Mode WHOLE = new Verify.Mode.Whole();

  @TempDir static Path temporary;

  /** Two backups, and tails after the second. */
  private static final Map<String, byte[]> STORED = new LinkedHashMap<>();

  private static long lastOp;

  private final ManualClock clock = new ManualClock();
  private final ShelfRepository shelf = new ShelfRepository(() -> clock.wallNanos() / 1_000_000);
  private final Vault vault = new Vault(shelf, KEYS);

  @BeforeAll
  static void store() throws IOException {
    ManualClock clock = new ManualClock();
    ShelfRepository shelf = new ShelfRepository(() -> clock.wallNanos() / 1_000_000);
    Vault vault = new Vault(shelf, KEYS);
    SourceNode node = SourceNode.create(temporary.resolve("n1"), 1, SEGMENT_BYTES);
    node.pay(60_000);
    Backup.run(vault, node.cold(), Backup.Options.USUAL, clock, Telling.NONE);
    node.pay(60_000);
    clock.advance(Duration.ofDays(1));
    Backup.Options eager = new Backup.Options(0, 0, Backup.Options.AT_ONCE);
    Backup.run(vault, node.cold(), eager, clock, Telling.NONE);
    node.pay(50_000);
    TailStream stream = new TailStream(vault, node.cold(), SystemDisk.INSTANCE);
    assertThat(stream.find()).isTrue();
    TailStream.Step step = stream.step();
    while (step.sentBytes() > 0) {
      lastOp = step.lastOp();
      step = stream.step();
    }
    for (String name : new TreeSet<>(shelf.names())) {
      STORED.put(name, shelf.get(name));
    }
  }

  @BeforeEach
  void fill() {
    STORED.forEach(shelf::put);
    clock.advance(Duration.ofDays(3));
  }

  private VerifyResult verify(Verify.Mode mode) {
    return Verify.run(vault, List.of(), mode, clock, Telling.NONE);
  }

  private List<Manifests.Named> backups() {
    return Manifests.all(vault).backups();
  }

  private BackupManifest newest() {
    return backups().getLast().manifest();
  }

  private List<String> tails() {
    Tails tails = new Tails(vault, Coverage.lineage(newest()).current().id());
    List<String> names = new ArrayList<>();
    tails.follow(
        newest().lastOp(),
        tail -> {
          names.add(tails.name(tail.firstOp()));
          return true;
        });
    return names;
  }

  /** One object of each kind. */
  private Map<String, String> ofEachKind() {
    BackupManifest manifest = newest();
    Map<String, String> objects = new LinkedHashMap<>();
    objects.put("first piece", manifest.segments().getFirst().pieces().getFirst().object());
    objects.put("last piece", manifest.segments().getLast().pieces().getLast().object());
    objects.put("pages", manifest.checkpoints().getLast().objects().getFirst());
    objects.put("map", manifest.checkpoints().getLast().map());
    objects.put("data key", manifest.keys().getFirst().object());
    objects.put("tail", tails().get(1));
    objects.put("manifest", backups().getFirst().name());
    return objects;
  }

  private void assertFinds(String object, VerifyResult result) {
    assertThat(result.findings()).extracting(Finding::object).contains(object);
    assertThat(result.proved()).isFalse();
    Finding found =
        result.findings().stream()
            .filter(one -> one.object().equals(object))
            .findAny()
            .orElseThrow();
    assertThat(found.what()).isNotBlank();
    assertThat(found.holds()).isNotBlank();
  }

  @Test
  void what_is_whole_is_proved_and_nothing_is_found() {
    VerifyResult result = verify(WHOLE);
    assertThat(result.findings()).isEmpty();
    assertThat(result.backups()).hasSize(2);
    assertThat(result.skipped()).isZero();
    assertThat(tails()).hasSizeGreaterThan(2);
    assertThat(result.streams()).hasSize(1);
    assertThat(result.streams().getFirst().lastOp()).isEqualTo(lastOp);
    assertThat(result.streams().getFirst().tails()).isEqualTo(tails().size());
    Set<String> objects = new TreeSet<>(STORED.keySet());
    objects.removeIf(name -> !name.startsWith("objects/"));
    assertThat(result.objects()).isEqualTo(objects.size());
  }

  @Test
  void nothing_is_written_but_the_record() {
    Set<String> before = shelf.names();
    VerifyResult result = verify(WHOLE);
    Set<String> after = shelf.names();
    after.removeAll(before);
    assertThat(after).hasSize(1).allMatch(name -> name.startsWith("proofs/"));
    assertThat(result.kept()).isEqualTo(new VerifyResult.Kept.In(after.iterator().next()));
  }

  @Test
  void an_object_that_is_lost_is_named_whatever_it_is() {
    ofEachKind().forEach((kind, object) -> faulted(object, bytes -> new byte[0], shelf::lose));
  }

  @Test
  void an_object_that_is_cut_short_is_named_whatever_it_is() {
    ofEachKind()
        .forEach(
            (kind, object) ->
                faulted(object, bytes -> Arrays.copyOf(bytes, bytes.length / 2), name -> {}));
  }

  @Test
  void an_object_with_one_bit_flipped_is_named_whatever_it_is() {
    ofEachKind()
        .forEach(
            (kind, object) ->
                faulted(
                    object,
                    bytes -> {
                      bytes[bytes.length * 2 / 3] ^= 4;
                      return bytes;
                    },
                    name -> {}));
  }

  @Test
  void an_object_that_stands_in_the_place_of_another_is_named_whatever_it_is() {
    byte[] another = shelf.get(newest().segments().getFirst().pieces().get(1).object());
    ofEachKind().forEach((kind, object) -> faulted(object, bytes -> another, name -> {}));
  }

  private void faulted(String object, UnaryOperator<byte[]> change, Consumer<String> then) {
    byte[] whole = shelf.get(object);
    shelf.replace(object, change.apply(whole.clone()));
    then.accept(object);
    VerifyResult result = verify(WHOLE);
    assertFinds(object, result);
    shelf.lose(object);
    shelf.put(object, whole);
  }

  @Test
  void every_damaged_piece_is_named_with_its_ops_and_the_backups_that_need_it() {
    List<BackupManifest.PieceRef> pieces = newest().segments().getFirst().pieces();
    assertThat(pieces).hasSizeGreaterThan(1);
    pieces.forEach(piece -> shelf.replace(piece.object(), new byte[100]));
    VerifyResult result = verify(WHOLE);
    for (BackupManifest.PieceRef piece : pieces) {
      assertFinds(piece.object(), result);
    }
    Finding first =
        result.findings().stream()
            .filter(one -> one.object().equals(pieces.getFirst().object()))
            .findAny()
            .orElseThrow();
    assertThat(first.holds())
        .contains("ops 1 to " + pieces.getFirst().lastOp())
        .contains("no moment from op 1 on");
    assertThat(first.backups())
        .containsExactlyInAnyOrderElementsOf(
            backups().stream().map(Manifests.Named::name).toList());
    assertThat(result.backups()).allSatisfy(backup -> assertThat(backup.findings()).isPositive());
  }

  @Test
  void what_a_manifest_claims_and_is_not_there_is_found_even_if_its_pieces_were_proved_before() {
    assertThat(verify(WHOLE).proved()).isTrue();
    clock.advance(Duration.ofHours(1));
    Map<String, Consumer<ObjectNode>> lies = new LinkedHashMap<>();
    lies.put("last op", claimed -> claimed.put("last_op", claimed.get("last_op").asLong() + 1));
    lies.put("last time", claimed -> claimed.put("last_time", 5));
    lies.put("chain", claimed -> claimed.put("chain", "ab".repeat(32)));
    lies.put("data key", claimed -> claimed.put("data_key_id", "ab".repeat(8)));
    lies.put("no keys", claimed -> claimed.putArray("keys"));
    lies.put("no first segment", claimed -> ((ArrayNode) claimed.get("segments")).remove(0));
    lies.put(
        "more ops",
        claimed -> {
          ObjectNode last = last(claimed.get("segments"));
          last.put("last_op", last.get("last_op").asLong() + 7);
          claimed.put("last_op", last.get("last_op").asLong());
        });
    lies.put(
        "checkpoint",
        claimed -> {
          ObjectNode last = last(claimed.get("checkpoints"));
          last.put("op", last.get("op").asLong() + 1);
        });
    lies.put("root", claimed -> last(claimed.get("checkpoints")).put("root", "ab".repeat(32)));
    lies.put(
        "piece",
        claimed ->
            last(last(claimed.get("segments")).get("pieces"))
                .put("object", "objects/ab/" + "ab".repeat(32)));
    for (Verify.Mode mode : List.of(WHOLE, new Verify.Mode.Since(Duration.ofDays(2)))) {
      lies.forEach(
          (lie, tell) -> {
            ObjectNode claimed = Manifests.JSON.valueToTree(newest());
            tell.accept(claimed);
            String name = vault.publish(Manifests.PREFIX, bytes(claimed));
            VerifyResult result = Verify.run(vault, List.of(name), mode, clock, Telling.NONE);
            assertThat(result.proved()).as(lie + " in " + mode).isFalse();
            assertThat(result.backups().getFirst().findings()).as(lie).isPositive();
            shelf.lose(name);
          });
    }
  }

  private static ObjectNode last(JsonNode array) {
    return (ObjectNode) array.get(array.size() - 1);
  }

  private static byte[] bytes(ObjectNode node) {
    try {
      return Manifests.JSON.writeValueAsBytes(node);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void what_was_proved_lately_is_not_fetched_again_until_it_is_old() {
    VerifyResult whole = verify(WHOLE);
    clock.advance(Duration.ofDays(1));
    Verify.Mode since = new Verify.Mode.Since(Duration.ofDays(2));
    VerifyResult again = verify(since);
    assertThat(again.findings()).isEmpty();
    assertThat(again.objects()).isEqualTo(1 + tails().size()); // the data key, and tails
    assertThat(again.skipped()).isPositive();
    clock.advance(Duration.ofDays(2));
    VerifyResult old = verify(since);
    assertThat(old.objects()).isEqualTo(whole.objects());
    assertThat(old.skipped()).isZero();
  }

  @Test
  void a_clock_that_was_ahead_or_a_record_of_others_proves_nothing() {
    clock.advance(Duration.ofDays(400));
    verify(WHOLE);
    ManualClock right = new ManualClock();
    right.advance(Duration.ofDays(4));
    Verify.Mode since = new Verify.Mode.Since(Duration.ofDays(2));
    assertThat(Verify.run(vault, List.of(), since, right, Telling.NONE).skipped()).isZero();
    shelf.list("proofs/").forEach(object -> shelf.lose(object.name()));
    shelf.put("proofs/" + "ab".repeat(16), new byte[] {1, 2, 3});
    assertThat(Verify.run(vault, List.of(), since, right, Telling.NONE).skipped()).isZero();
  }

  @Test
  void what_was_proved_lately_and_is_lost_or_cut_short_is_found_without_fetching_it() {
    assertThat(verify(WHOLE).proved()).isTrue();
    Verify.Mode since = new Verify.Mode.Since(Duration.ofDays(2));
    String piece = newest().segments().getFirst().pieces().getFirst().object();
    String pages = newest().checkpoints().getFirst().objects().getFirst();
    byte[] whole = shelf.get(piece);
    shelf.replace(piece, Arrays.copyOf(whole, whole.length - 1));
    shelf.lose(pages);
    VerifyResult result = verify(since);
    assertFinds(piece, result);
    assertFinds(pages, result);
  }

  @Test
  void a_sample_is_the_same_for_a_seed_and_finds_what_it_chose() {
    VerifyResult some = verify(new Verify.Mode.Sample(20, 7));
    assertThat(some.findings()).isEmpty();
    assertThat(some.objects()).isLessThan(verify(WHOLE).objects());
    String piece = newest().segments().getFirst().pieces().getFirst().object();
    shelf.replace(piece, new byte[100]);
    List<Boolean> found = new ArrayList<>();
    for (long seed = 1; seed <= 20; seed++) {
      VerifyResult one = verify(new Verify.Mode.Sample(20, seed));
      assertThat(verify(new Verify.Mode.Sample(20, seed)).findings()).isEqualTo(one.findings());
      found.add(!one.proved());
    }
    assertThat(found).contains(true, false);
    assertFinds(piece, verify(new Verify.Mode.Sample(100, 1)));
  }

  @Test
  void a_tail_that_is_lost_between_others_is_missed() {
    List<String> tails = tails();
    shelf.lose(tails.get(1));
    VerifyResult result = verify(WHOLE);
    assertFinds(tails.get(1), result);
    assertThat(result.streams().getFirst().tails()).isEqualTo(1);
    assertThat(result.findings()).hasSize(1);
  }

  @Test
  void a_backup_that_nobody_has_is_refused_and_one_is_found_by_its_first_digits() {
    assertThatThrownBy(() -> Verify.run(vault, List.of("zz"), WHOLE, clock, Telling.NONE))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("no-such-backup"));
    String id = backups().getFirst().id();
    VerifyResult one = Verify.run(vault, List.of(id), WHOLE, clock, Telling.NONE);
    assertThat(one.backups()).hasSize(1);
    assertThat(one.proved()).isTrue();
    assertThat(one.streams()).isEmpty();
  }

  @Test
  void a_repository_that_cannot_be_reached_is_no_finding() {
    shelf.setUnavailable(true);
    assertThatThrownBy(() -> verify(WHOLE))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("repository-unavailable"));
  }
}
