package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.DetailsKeyName;
import io.holdfast.ledger.DetailsPeriod;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.SealedDetails;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferStatus;
import io.holdfast.ledger.TransferWithDetails;
import io.holdfast.testkit.HostileDisk;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Segments with sealed details and a destruction of their key, and the keys' files, written when
 * their formats were fixed: they can be read for ever, and what is written today is the same. Made
 * by {@code -Dholdfast.golden=write}, once for each version.
 */
class GoldenSealedDetailsTest {
  private static final String FOLDER = "/journal-sealed-1";
  private static final Path WRITTEN = Path.of("/journal");
  private static final DetailsPeriod MARCH = DetailsPeriod.parse("2026-03");
  private static final DetailsPeriod APRIL_14 = DetailsPeriod.parse("2026-04-14");
  private static final byte[] SECRET = "IBAN DE02 Zoë".getBytes(StandardCharsets.UTF_8);
  private static final byte[] OTHER = "IBAN FR14".getBytes(StandardCharsets.UTF_8);
  private static final int DESTRUCTION_OP = 4;
  private static final int OPS = 6;

  /** So small that all but the last entries are in sealed segments. */
  private static final int SEGMENT_BYTES = 2_000;

  @TempDir Path keys;
  private Path golden = Path.of("");
  private DataKey key = DataKey.create();

  @BeforeEach
  void read() throws IOException, URISyntaxException {
    URL folder = Objects.requireNonNull(GoldenSealedDetailsTest.class.getResource(FOLDER));
    golden = Path.of(folder.toURI());
    SystemDisk.INSTANCE.writeSecret(
        keys.resolve(DataKey.FILE), Files.readAllBytes(golden.resolve(DataKey.FILE)));
    key = DataKey.read(keys.resolve(DataKey.FILE));
  }

  @Test
  void who_takes_the_pieces_in_learns_of_the_chain_and_of_what_was_erased() throws IOException {
    List<PieceContents.Erasure> erasures = new ArrayList<>();
    JournalVerifier verifier = new JournalVerifier(SystemDisk.INSTANCE, key);
    for (Path file : SegmentFiles.list(SystemDisk.INSTANCE, golden)) {
      PieceContents contents = PieceContents.chained("");
      PieceContents unchained = PieceContents.unchained();
      try (SegmentPieces pieces =
          SegmentPieces.open(SystemDisk.INSTANCE, file, key, 0, Files.size(file))) {
        for (SegmentPiece piece = pieces.next(1); piece != null; piece = pieces.next(1)) {
          contents.add(piece);
          unchained.add(piece);
        }
      }
      assertThat(contents.chain()).isEqualTo(verifier.describe(file).chain());
      assertThat(unchained.chain()).isEmpty();
      erasures.addAll(contents.erasures());
    }
    assertThat(erasures).containsExactly(new PieceContents.Erasure(DESTRUCTION_OP, MARCH));
  }

  @Test
  void sealed_details_and_a_destruction_of_their_key_in_version_1_are_read() throws IOException {
    List<Path> files = JournalVerifier.segments(SystemDisk.INSTANCE, golden);
    List<JournalSegment> segments =
        new JournalVerifier(SystemDisk.INSTANCE, key).verify(files, segment -> {});
    assertThat(segments).hasSizeGreaterThan(1).allMatch(segment -> segment.fault() == null);
    assertThat(segments.getLast().chain())
        .isEqualTo(Files.readString(golden.resolve("chain.txt")).strip());

    List<Entry> entries = entries(files);
    assertThat(entries).hasSize(OPS);
    assertThat(entries)
        .filteredOn(entry -> entry.kind() == EntryKind.DESTRUCTION)
        .singleElement()
        .satisfies(entry -> assertThat(entry.op()).isEqualTo(DESTRUCTION_OP))
        .satisfies(entry -> assertThat(entry.destroyedPeriod()).isEqualTo(MARCH));
    assertThat(entries.get(1).status(0)).isEqualTo(TransferStatus.CREATED.code());
    assertThat(entries.get(2).status(0))
        .as("the same details once more")
        .isEqualTo(TransferStatus.EXISTS.code());
    assertThat(entries.get(2).status(1))
        .as("others")
        .isEqualTo(TransferStatus.EXISTS_WITH_DIFFERENT_DETAILS.code());
    assertThat(entries.get(4).status(0))
        .as("the same details, with their key destroyed")
        .isEqualTo(TransferStatus.EXISTS.code());
  }

  @Test
  void the_details_are_opened_with_their_keys_files_until_these_are_destroyed() throws IOException {
    for (DetailsPeriod period : List.of(MARCH, APRIL_14)) {
      Path file = DetailsKeyFile.of(golden, detailsKey(period).name());
      SystemDisk.INSTANCE.writeSecret(
          keys.resolve(String.valueOf(file.getFileName())), Files.readAllBytes(file));
    }
    DetailsKeys held = DetailsKeys.open(SystemDisk.INSTANCE, keys, key);
    assertThat(held.damaged()).isEmpty();
    assertThat(held.names()).hasSize(2);
    try (LedgerRun run = new LedgerRun(1, 1)) {
      for (Entry entry : entries(JournalVerifier.segments(SystemDisk.INSTANCE, golden))) {
        MemorySegment batch = entry.batch();
        run.ledger.apply(batch, batch.byteSize(), run.results);
        held.learn(run.ledger.detailsKeys());
        if (entry.op() > 1) {
          TransferWithDetails five = held.open(look(run.ledger, 5));
          boolean erased = entry.op() >= DESTRUCTION_OP;
          assertThat(five.detailsErased()).as("after op %d", entry.op()).isEqualTo(erased);
          assertThat(five.details()).isEqualTo(erased ? new byte[0] : SECRET);
          assertThat(held.open(look(run.ledger, 6)).details()).as("it never had any").isEmpty();
        }
      }
      assertThat(held.open(look(run.ledger, 7)).details()).isEqualTo(OTHER);
      held.settle();
      assertThat(held.names()).containsExactly(detailsKey(APRIL_14).name());
    }
  }

  @Test
  void what_is_written_today_has_the_same_bytes() throws IOException {
    if ("write".equals(System.getProperty("holdfast.golden"))) {
      DetailsKeyFile.write(SystemDisk.INSTANCE, keys, key, DetailsKey.create(MARCH));
      DetailsKeyFile.write(SystemDisk.INSTANCE, keys, key, DetailsKey.create(APRIL_14));
      golden = keys;
    }
    HostileDisk disk = new HostileDisk(1);
    Lineage lineage = Lineage.ofNew(LedgerRun.LEDGER_ID);
    JournalRecovery.End end = JournalRecovery.recover(disk, WRITTEN, key, lineage, 0);
    Journal.Setup setup =
        new Journal.Setup(
            disk,
            WRITTEN,
            WRITTEN.resolveSibling("index"),
            WRITTEN.resolveSibling("checkpoints"),
            key,
            lineage,
            LedgerRun.GROUP,
            0,
            SEGMENT_BYTES,
            4);
    try (JournalWriter writer = new JournalWriter(setup, end, new OpPlaces())) {
      for (byte[] entry : written()) {
        writer.write(entry, 0, entry.length);
      }
      writer.sync();
    }
    List<Path> files = SegmentFiles.list(disk, WRITTEN);
    byte[] chain = JournalRecovery.recover(disk, WRITTEN, key, lineage, OPS).chain();
    if ("write".equals(System.getProperty("holdfast.golden"))) {
      write(disk, files, Chain.hex(chain));
    }
    for (Path file : files) {
      assertThat(disk.bytes(file))
          .as("%s", file)
          .isEqualTo(Files.readAllBytes(golden.resolve(String.valueOf(file.getFileName()))));
    }
    assertThat(files).hasSameSizeAs(SegmentFiles.list(SystemDisk.INSTANCE, golden));
  }

  /** The entries of the history that the files hold. */
  private List<byte[]> written() throws IOException {
    DetailsKey march = detailsKey(MARCH);
    byte[] again = sealed(march, 5, SECRET); // as a node sends it that has the key no more
    Arrays.fill(again, SealedDetails.HEAD_BYTES, again.length, (byte) 0);
    List<Request> requests =
        List.of(
            Request.ofAccounts(
                List.of(
                    Account.opening(UInt128.of(1), 1, 1, 0),
                    Account.opening(UInt128.of(2), 1, 1, 0))),
            request(List.of(5L, 6L), List.of(sealed(march, 5, SECRET), new byte[0])),
            request(List.of(5L, 5L), List.of(sealed(march, 5, SECRET), sealed(march, 5, OTHER))),
            Request.destroyDetails(MARCH),
            request(List.of(5L), List.of(again)),
            request(List.of(7L), List.of(sealed(detailsKey(APRIL_14), 7, OTHER))));
    List<byte[]> entries = new ArrayList<>();
    try (LedgerRun run = new LedgerRun(1, 1)) {
      for (Request request : requests) {
        run.next(List.of(request));
        entries.add(run.entry());
      }
    }
    return entries;
  }

  private static byte[] sealed(DetailsKey key, long id, byte[] details) {
    byte[] sealed = new byte[SealedDetails.HEAD_BYTES + details.length];
    key.cipher().seal(0, id, details, 0, details.length, sealed, 0);
    return sealed;
  }

  /** Payments with details as they lie in a batch. */
  private static Request request(List<Long> ids, List<byte[]> details) {
    List<Transfer> transfers =
        ids.stream()
            .map(id -> Transfer.payment(UInt128.of(id), UInt128.of(1), UInt128.of(2), 1, 1, 1))
            .toList();
    byte[] bytes = Request.ofTransfers(transfers, details).bytes();
    MemorySegment.ofArray(bytes)
        .set(ValueLayout.JAVA_SHORT_UNALIGNED, Request.FLAGS_AT, Request.FLAG_SEALED_DETAILS);
    return Request.ofSealed(bytes);
  }

  private static TransferWithDetails look(Ledger ledger, long id) {
    return ledger.queries().transfersWithDetails(List.of(UInt128.of(id))).getFirst();
  }

  private List<Entry> entries(List<Path> files) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (JournalReader reader = JournalReader.of(SystemDisk.INSTANCE, files, key, 1)) {
      for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
        entries.add(entry);
      }
    }
    return entries;
  }

  private DetailsKey detailsKey(DetailsPeriod period) throws IOException {
    List<DetailsKeyName> names =
        SystemDisk.INSTANCE.list(golden).stream()
            .map(DetailsKeyFile::name)
            .filter(name -> name != null && name.period().equals(period))
            .toList();
    assertThat(names).hasSize(1);
    return Objects.requireNonNull(
        DetailsKeyFile.read(SystemDisk.INSTANCE, golden, key, names.getFirst()));
  }

  private void write(HostileDisk disk, List<Path> segments, String chain) throws IOException {
    Path source = Path.of("src/test/resources" + FOLDER);
    for (Path file : segments) {
      Files.write(keys.resolve(String.valueOf(file.getFileName())), disk.bytes(file));
    }
    for (Path file : SystemDisk.INSTANCE.list(keys)) {
      Files.write(source.resolve(file.getFileName()), Files.readAllBytes(file));
    }
    Files.writeString(source.resolve("chain.txt"), chain + "\n");
  }
}
