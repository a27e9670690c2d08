package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.holdfast.client.JsonReader;
import io.holdfast.client.JsonRecords;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Transfer;
import io.holdfast.vault.Correction;
import io.holdfast.vault.CorrectionProposal;
import io.holdfast.vault.CorrectionSelection;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes proposals as docs/formats/proposal.md says, and reads them back. */
final class ProposalFile {
  private static final JsonFactory JSON = new JsonFactory();
  private static final byte[] NO_DETAILS = {};

  private ProposalFile() {}

  /** Writes a file that was not there. */
  static void write(Path file, CorrectionProposal proposal) {
    try (OutputStream to = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
        JsonGenerator out = JSON.createGenerator(to)) {
      out.useDefaultPrettyPrinter();
      write(out, proposal);
    } catch (FileAlreadyExistsException e) {
      throw new HoldfastException(
          "corrections-exist", file + " is there already", "name another file, or remove it", e);
    } catch (IOException e) {
      throw new HoldfastException(
          "file-not-writable", file + " cannot be written: " + e, "choose another place", e);
    }
  }

  private static void write(JsonGenerator out, CorrectionProposal proposal) throws IOException {
    out.writeStartObject();
    out.writeStringField("format", CorrectionProposal.FORMAT);
    out.writeStringField("ledger_id", proposal.ledgerId().toHex());
    out.writeNumberField("moment_op", proposal.momentOp());
    out.writeStringField("moment_timestamp", Long.toString(proposal.momentNanos()));
    out.writeStringField("moment", Shown.time(proposal.momentNanos()));
    out.writeStringField("proposed_by", proposal.proposer());
    out.writeStringField("proposed_timestamp", Long.toString(proposal.proposedNanos()));
    out.writeStringField("proposed", Shown.time(proposal.proposedNanos()));
    out.writeStringField("reason", proposal.reason());
    out.writeStringField("selection", proposal.selection());
    out.writeNumberField("correction_code", proposal.code());
    writeSums(out, proposal);
    out.writeStringField("sha256", proposal.sha256());
    out.writeArrayFieldStart("corrections");
    for (Correction correction : proposal.corrections()) {
      out.writeStartObject();
      out.writeStringField("kind", word(correction.kind()));
      out.writeFieldName("original");
      JsonRecords.writeTransfer(out, correction.original(), NO_DETAILS);
      out.writeFieldName("correction");
      JsonRecords.writeTransfer(out, correction.correction(), NO_DETAILS);
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  /** Writes how much is taken back in each ledger. */
  static void writeSums(JsonGenerator out, CorrectionProposal proposal) throws IOException {
    out.writeArrayFieldStart("sums");
    for (Map.Entry<Long, CorrectionProposal.Sum> sum : proposal.sums().entrySet()) {
      out.writeStartObject();
      out.writeNumberField("ledger", sum.getKey());
      out.writeNumberField("reversals", sum.getValue().reversals());
      out.writeStringField("reversed", sum.getValue().reversed().toString());
      out.writeNumberField("voids", sum.getValue().voids());
      out.writeStringField("released", sum.getValue().released().toString());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  static String word(Correction.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a file, and proves that it is what was written: its digest, and that each correction is
   * the one that takes back its original.
   *
   * @throws HoldfastException codes {@code proposal-unreadable}, {@code proposal-damaged}
   */
  static CorrectionProposal read(Path file) {
    Map<String, String> texts = new HashMap<>();
    List<Correction> corrections = new ArrayList<>();
    try (JsonParser in = JSON.createParser(file.toFile())) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw unreadable(file, "it is no JSON object", null);
      }
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String field = in.currentName();
        JsonToken value = in.nextToken();
        if (field.equals("corrections")) {
          corrections.addAll(corrections(file, in));
        } else if (value.isScalarValue()) {
          texts.put(field, in.getText());
        } else {
          in.skipChildren();
        }
      }
      if (in.currentToken() != JsonToken.END_OBJECT) {
        throw unreadable(file, "it ends too early", null);
      }
    } catch (IOException e) {
      throw unreadable(file, String.valueOf(e.getMessage()), e);
    } catch (HoldfastException e) {
      throw e.code().equals("malformed-answer") ? unreadable(file, e.message(), e) : e;
    }
    return proved(file, texts, corrections);
  }

  private static List<Correction> corrections(Path file, JsonParser in) throws IOException {
    List<Correction> corrections = new ArrayList<>();
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw unreadable(file, "'corrections' is no array", null);
    }
    while (in.nextToken() == JsonToken.START_OBJECT) {
      Transfer original = null;
      Transfer correction = null;
      String kind = "";
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String field = in.currentName();
        in.nextToken();
        switch (field) {
          case "original" -> original = JsonReader.transfer(in);
          case "correction" -> correction = JsonReader.transfer(in);
          case "kind" -> kind = in.getText();
          default -> in.skipChildren();
        }
      }
      if (original == null || correction == null) {
        throw unreadable(file, "a correction lacks 'original' or 'correction'", null);
      }
      corrections.add(new Correction(kind(file, kind), original, correction));
      if (corrections.size() > CorrectionSelection.CORRECTIONS_MAX) {
        throw unreadable(
            file, "it has more than " + CorrectionSelection.CORRECTIONS_MAX + " corrections", null);
      }
    }
    return corrections;
  }

  private static Correction.Kind kind(Path file, String word) {
    for (Correction.Kind kind : Correction.Kind.values()) {
      if (word(kind).equals(word)) {
        return kind;
      }
    }
    throw unreadable(file, "there is no kind '" + word + "' of correction", null);
  }

  private static CorrectionProposal proved(
      Path file, Map<String, String> texts, List<Correction> corrections) {
    if (!CorrectionProposal.FORMAT.equals(texts.get("format"))) {
      throw unreadable(file, "its format is not '" + CorrectionProposal.FORMAT + "'", null);
    }
    CorrectionProposal proposal;
    try {
      proposal =
          new CorrectionProposal(
              UInt128.parseId(text(file, texts, "ledger_id")),
              Long.parseLong(text(file, texts, "moment_op")),
              Long.parseLong(text(file, texts, "moment_timestamp")),
              text(file, texts, "proposed_by"),
              Long.parseLong(text(file, texts, "proposed_timestamp")),
              text(file, texts, "reason"),
              text(file, texts, "selection"),
              Integer.parseInt(text(file, texts, "correction_code")),
              corrections);
    } catch (NumberFormatException e) {
      throw unreadable(file, String.valueOf(e.getMessage()), e);
    }
    if (!proposal.sha256().equals(texts.get("sha256"))) {
      throw damaged(file, "its SHA-256 does not fit its content");
    }
    for (Correction correction : corrections) {
      if (!correction.equals(Correction.of(correction.original(), proposal.code()))) {
        throw damaged(
            file,
            "transfer "
                + correction.correction().id().toId()
                + " is not what takes back transfer "
                + correction.original().id().toId());
      }
    }
    return proposal;
  }

  private static String text(Path file, Map<String, String> texts, String field) {
    String text = texts.get(field);
    if (text == null) {
      throw unreadable(file, "it lacks '" + field + "'", null);
    }
    return text;
  }

  private static HoldfastException unreadable(Path file, String why, @Nullable Throwable cause) {
    HoldfastException unreadable =
        new HoldfastException(
            "corrections-unreadable",
            file + " is no proposal: " + why,
            "name a file that 'holdfast backup preview --propose' wrote");
    if (cause != null) {
      unreadable.initCause(cause);
    }
    return unreadable;
  }

  private static HoldfastException damaged(Path file, String why) {
    return new HoldfastException(
        "corrections-damaged",
        file + " is not as it was proposed: " + why,
        "nothing was submitted; ask for the file anew, and how it came to be changed");
  }
}
