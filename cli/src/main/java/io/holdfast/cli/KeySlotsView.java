package io.holdfast.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.vault.KeysObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the keys of a repository look: to people, and as JSON.
 *
 * @param where the repository is
 * @param opened the slot that the master key opened; null when none was given
 */
record KeySlotsView(String where, KeysObject keys, @Nullable String opened) {
  private static final String LONELY =
      "there is one key slot: when its master key is lost, so are all backups in ";

  void print(Console console, boolean json, String done) {
    if (json) {
      console.out().println(json().toPrettyString());
      return;
    }
    console.out().println(done);
    Table table = new Table("slot", "opened by", "since", "");
    for (KeysObject.Slot slot : keys.slots()) {
      String uri = slot.lock().uri();
      table.row(
          slot.name(),
          slot.lock().kind().words() + (uri == null ? "" : " " + uri),
          VerifyView.second(slot.addedAt()),
          slot.name().equals(opened) ? "the master key given" : "");
    }
    console.out().println(table);
    console
        .out()
        .println(
            "data keys: "
                + keys.dataKeys()
                + ", the newest since "
                + VerifyView.second(keys.dataKeySince()));
    for (String warning : warnings()) {
      console.err().println("warning: " + warning);
      console
          .err()
          .println(
              "hint:    add one that is kept elsewhere: " + console.command() + " backup key add");
    }
  }

  List<String> warnings() {
    return keys.slots().size() == 1 ? List.of(LONELY + where) : List.of();
  }

  ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("repository", where)
        .put("id", keys.repository())
        .put("keys", keys.number())
        .put("written_at", Long.toString(keys.writtenAt()))
        .put("data_keys", keys.dataKeys())
        .put("data_key_since", Long.toString(keys.dataKeySince()));
    if (opened != null) {
      node.put("opened_slot", opened);
    }
    ArrayNode slots = node.putArray("slots");
    for (KeysObject.Slot slot : keys.slots()) {
      ObjectNode one =
          slots
              .addObject()
              .put("name", slot.name())
              .put("kind", slot.lock().kind().code())
              .put("since", Long.toString(slot.addedAt()));
      String uri = slot.lock().uri();
      if (uri != null) {
        one.put("uri", uri);
      }
    }
    ArrayNode said = node.putArray("warnings");
    warnings().forEach(said::add);
    return node;
  }
}
