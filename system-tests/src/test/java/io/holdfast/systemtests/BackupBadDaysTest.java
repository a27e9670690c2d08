package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.drill.AdminClient;
import io.holdfast.drill.Deadline;
import io.holdfast.kernel.SystemClock;
import io.holdfast.vault.Manifests;
import io.holdfast.vault.MasterKey;
import io.holdfast.vault.MasterKeyFiles;
import io.holdfast.vault.ObjectKind;
import io.holdfast.vault.Repositories;
import io.holdfast.vault.RepositoryLocation;
import io.holdfast.vault.Telling;
import io.holdfast.vault.Vault;
import io.holdfast.vault.Verify;
import io.holdfast.vault.VerifyResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Each command that changes something of backups, as a process that is killed at a moment drawn by
 * lot: nothing half done is to be seen, and the same command run again finishes, with a repository
 * that can be proved and a restore that is the ledger. And with a disk that is full.
 */
class BackupBadDaysTest {
  private static final int KILLS = 3;
  private static final int REQUESTS = 4;
  private static final int OLD_OBJECTS = 150;

  /** The ledger's backup and some more. */
  private static final int SMALL_KIB = 16 << 10;

  private static final long LOOK_NANOS = 500_000;

  private static final Path HOME = Path.of("target", "sites", "backup-bad-days").toAbsolutePath();
  private static final Path WORK = HOME.resolveSibling("backup-bad-days-work");
  private static final Path KEY = WORK.resolve("vault.key");
  private static final Random RANDOM = new Random(Seeds.next("backup-bad-days"));

  private static Path node;
  private static AdminClient.Digest model;
  private static int rounds;

  @BeforeAll
  static void make_a_ledger() throws IOException {
    RunningSite.deleteTree(WORK);
    Files.createDirectories(WORK);
    MasterKeyFiles.create(KEY);
    try (RunningSite site = RunningSite.prepared("backup-bad-days", 1)) {
      node = site.nodes().getFirst().directory();
      Files.writeString(
          node.resolve("holdfast.yaml"),
          "\njournal:\n  segment-bytes: 256KiB\n",
          StandardOpenOption.APPEND);
      site.startAll();
      BulkPayer payer = new BulkPayer(site.client());
      for (int i = 0; i < REQUESTS; i++) {
        assertThat(payer.payOnce()).isTrue();
      }
      model = site.probe().digests(RunningSite.SOON).values().iterator().next();
      site.site().stop();
    }
  }

  @AfterAll
  static void tidy() {
    RunningSite.deleteTree(WORK);
  }

  private static RepositoryLocation location(Path repository) {
    return RepositoryLocation.parse("file:" + repository);
  }

  private static Path repository() {
    Path place = WORK.resolve("repository-" + rounds++);
    Vault.create(Repositories.create(location(place)), new MasterKey.KeyFile(KEY)).close();
    return place;
  }

  private static Vault open(RepositoryLocation location) {
    return Vault.open(Repositories.open(location), new MasterKey.KeyFile(KEY));
  }

  /** What begins with these words and uses a repository. */
  private static List<String> on(Path repository, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(
        List.of("--repository", "file:" + repository, "--key-file", KEY.toString(), "--json"));
    return all;
  }

  private static JsonNode finish(List<String> arguments) throws Exception {
    HoldfastCommand done = HoldfastCommand.run(WORK, arguments);
    assertThat(done.exitCode()).as("%s: %s", arguments, done.errors()).isZero();
    return new ObjectMapper().readTree(done.output());
  }

  private static List<String> run(Path repository) {
    return on(repository, "backup", "run", "--offline", node.toString());
  }

  private static boolean holdsFiles(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isPresent();
    } catch (IOException notYet) {
      return false;
    }
  }

  private static BooleanSupplier inTurn(Path repository) {
    return () -> holdsFiles(repository.resolve("writers"));
  }

  /** How long a command takes from its first trace to its end. */
  private static long nanos(List<String> arguments, BooleanSupplier begun) throws Exception {
    Process process = started(arguments);
    awaitBegun(process, begun);
    long began = System.nanoTime();
    assertThat(process.waitFor()).isZero();
    return System.nanoTime() - began;
  }

  /** Runs a command and kills it, after its first trace; returns whether it had ended by then. */
  private static boolean killed(List<String> arguments, BooleanSupplier begun, long withinNanos)
      throws Exception {
    Process process = started(arguments);
    awaitBegun(process, begun);
    long until = System.nanoTime() + (long) (RANDOM.nextDouble() * withinNanos);
    while (System.nanoTime() < until && process.isAlive()) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    boolean ended = !process.isAlive();
    process.destroyForcibly().waitFor();
    Printed.line("killed %s %s: %s".formatted(arguments.get(0), arguments.get(1), !ended));
    return ended;
  }

  private static Process started(List<String> arguments) throws IOException {
    return HoldfastCommand.start(WORK, arguments, Files.createTempFile(WORK, "killed", ".err"));
  }

  private static void awaitBegun(Process process, BooleanSupplier begun) {
    Deadline soon = Deadline.in(RunningSite.SOON);
    while (process.isAlive() && !begun.getAsBoolean()) {
      assertThat(soon.passed()).as("the command has begun").isFalse();
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private static void assertProved(RepositoryLocation location, int backups) {
    try (Vault vault = open(location)) {
      VerifyResult found =
          Verify.run(vault, List.of(), new Verify.Mode.Whole(), new SystemClock(), Telling.NONE);
      assertThat(found.findings()).isEmpty();
      assertThat(found.backups()).hasSize(backups);
    }
  }

  /** Whether a restored site has the model's state, when it runs. */
  private static void assertIsTheLedger(Path directory) {
    try (RunningSite site = RunningSite.found(directory)) {
      site.startAll();
      AdminClient.Digest found = site.probe().digests(RunningSite.SOON).values().iterator().next();
      assertThat(found.digest()).isEqualTo(model.digest());
      assertThat(found.accounts()).isEqualTo(model.accounts());
      assertThat(found.transfers()).isEqualTo(model.transfers());
      assertThat(found.conserved()).isTrue();
    }
  }

  private static void assertCounts(JsonNode restored) {
    assertThat(restored.path("accounts").asLong()).isEqualTo(model.accounts());
    assertThat(restored.path("transfers").asLong()).isEqualTo(model.transfers());
  }

  @Test
  void a_backup_that_was_killed_leaves_no_half_one_and_is_finished_by_the_next() throws Exception {
    Path first = repository();
    long nanos = nanos(run(first), inTurn(first));
    for (int i = 0; i < KILLS; i++) {
      Path repository = repository();
      boolean ended = killed(run(repository), inTurn(repository), nanos);
      try (Vault vault = open(location(repository))) {
        Manifests.All all = Manifests.all(vault);
        assertThat(all.faults()).isEmpty();
        assertThat(all.backups()).hasSizeLessThanOrEqualTo(1);
        ended |= !all.backups().isEmpty();
      }
      finish(run(repository));
      assertProved(location(repository), ended ? 2 : 1);
    }
  }

  @Test
  void a_restore_that_was_killed_leaves_no_directory_or_a_whole_one() throws Exception {
    Path repository = repository();
    finish(run(repository));
    Path directory = WORK.resolve("restored");
    List<String> restore = on(repository, "restore", "--dir", directory.toString(), "--local", "1");
    BooleanSupplier begun = () -> Files.exists(WORK.resolve(".restored.restoring"));
    long nanos = nanos(restore, begun);
    int finished = 0;
    for (int i = 0; i < KILLS; i++) {
      RunningSite.deleteTree(directory);
      killed(restore, begun, nanos);
      if (!Files.exists(directory)) {
        assertCounts(finish(restore));
        finished++;
      }
      assertThat(Files.exists(WORK.resolve(".restored.partial"))).isFalse();
    }
    assertIsTheLedger(directory);
    assertThat(finished).isPositive();
  }

  @Test
  void an_export_that_was_killed_leaves_no_archive_or_a_whole_one() throws Exception {
    Path repository = repository();
    finish(run(repository));
    Path archive = WORK.resolve("ledger.archive");
    RepositoryLocation inArchive = RepositoryLocation.parse("archive:" + archive);
    List<String> export = on(repository, "backup", "export", archive.toString());
    BooleanSupplier begun = () -> Files.exists(WORK.resolve("ledger.archive.new"));
    long nanos = nanos(export, begun);
    for (int i = 0; i < KILLS; i++) {
      Files.delete(archive);
      killed(export, begun, nanos);
      if (!Files.exists(archive)) {
        finish(export);
      }
      assertProved(inArchive, 1);
      assertThat(Files.exists(WORK.resolve("ledger.archive.new"))).isFalse();
    }

    Path empty = repository();
    long importing = nanos(imported(archive, empty), inTurn(empty));
    for (int i = 0; i < KILLS; i++) {
      Path to = repository();
      boolean ended = killed(imported(archive, to), inTurn(to), importing);
      try (Vault vault = open(location(to))) {
        ended |= !Manifests.all(vault).backups().isEmpty();
      }
      finish(imported(archive, to));
      assertProved(location(to), ended ? 2 : 1);
    }
  }

  private static List<String> imported(Path archive, Path to) {
    return on(to, "backup", "import", archive.toString());
  }

  @Test
  void an_expiry_that_was_killed_takes_nothing_that_a_backup_needs_and_is_finished_by_the_next()
      throws Exception {
    Path repository = repository();
    finish(run(repository));
    List<String> expire = on(repository, "backup", "expire", "--keep-last", "1", "--apply");
    long nanos = 0;
    for (int i = 0; i <= KILLS; i++) {
      finish(run(repository));
      putOldObjects(repository, i);
      if (i == 0) {
        nanos = nanos(expire, inTurn(repository));
        continue;
      }
      killed(expire, inTurn(repository), nanos);
      try (Vault vault = open(location(repository))) {
        assertThat(Manifests.all(vault).faults()).isEmpty();
        assertProved(location(repository), Manifests.all(vault).backups().size());
      }
      finish(expire);
      assertProved(location(repository), 1);
      assertThat(oldObjects(repository)).isZero();
      assertThat(holdsFiles(repository.resolve("writers"))).isFalse();
    }
    Path directory = WORK.resolve("after-expiry");
    assertCounts(finish(on(repository, "restore", "--dir", directory.toString(), "--local", "1")));
  }

  /** Objects that nothing refers to, of the day before yesterday. */
  private static void putOldObjects(Path repository, int round) throws IOException {
    FileTime then = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
    try (Vault vault = open(location(repository))) {
      for (int i = 0; i < OLD_OBJECTS; i++) {
        byte[] bytes = (round + " " + i).getBytes(StandardCharsets.US_ASCII);
        Files.setLastModifiedTime(
            repository.resolve(vault.store(ObjectKind.PIECE, bytes, bytes).name()), then);
      }
    }
  }

  private static long oldObjects(Path repository) throws IOException {
    long limit = System.currentTimeMillis() - TimeUnit.DAYS.toMillis(1);
    try (Stream<Path> files = Files.walk(repository.resolve("objects"))) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toFile().lastModified() < limit)
          .count();
    }
  }

  @Test
  void a_repository_whose_disk_is_full_takes_no_backup_and_can_be_thinned_out_all_the_same()
      throws Exception {
    Path disk = WORK.resolve("small-disk");
    Path full = disk.resolve("repository");
    StringBuilder script = new StringBuilder();
    for (List<String> step :
        List.of(
            on(full, "backup", "init"),
            run(full),
            run(full),
            List.of("dd", "if=/dev/zero", "of=" + disk.resolve("filling"), "bs=4k"),
            run(full),
            on(full, "backup", "expire", "--keep-last", "1", "--apply"),
            List.of("rm", disk.resolve("filling").toString()),
            run(full),
            on(full, "backup", "verify"))) {
      List<String> command = new ArrayList<>();
      if (!List.of("dd", "rm").contains(step.getFirst())) {
        command.addAll(HoldfastCommand.command(List.of(), List.of()));
      }
      command.addAll(step);
      command.forEach(word -> script.append('\'').append(word).append("' "));
      script.append("> step.out 2> step.err; echo $?; grep -o '\"code\":\"[^\"]*' step.err\n");
    }
    List<String> whole = new ArrayList<>(SmallDisk.over(disk, SMALL_KIB));
    Path steps = Files.writeString(WORK.resolve("small-disk.sh"), script); // long class paths
    whole.addAll(List.of("sh", steps.toString()));
    Process process =
        new ProcessBuilder(whole)
            .directory(WORK.toFile())
            .redirectError(WORK.resolve("small-disk.err").toFile())
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isNotNegative();
    assertThat(said.lines())
        .as(Files.readString(WORK.resolve("small-disk.err")))
        .containsExactly("0", "0", "0", "1", "1", "\"code\":\"repository-full", "0", "0", "0", "0");
  }
}
