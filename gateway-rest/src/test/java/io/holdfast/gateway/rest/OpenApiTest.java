package io.holdfast.gateway.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.client.FlagNames;
import io.holdfast.client.JsonRecords;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountStatus;
import io.holdfast.ledger.DetailsForm;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferStatus;
import io.holdfast.ledger.TransferWithDetails;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The OpenAPI document says what the code does, no more and no less. */
class OpenApiTest {
  private final RunningGateway running = new RunningGateway(new ScriptedLedger());
  private JsonNode document = com.fasterxml.jackson.databind.node.MissingNode.getInstance();

  @BeforeEach
  void fetch() throws Exception {
    document = running.get("/openapi.json").json();
    assertThat(document.path("openapi").asText()).startsWith("3.1");
  }

  @AfterEach
  void stop() {
    running.close();
  }

  @Test
  void every_route_is_in_the_document_and_every_documented_one_is_served() {
    Set<String> documented = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method ->
                            documented.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    Set<String> served = new TreeSet<>();
    running
        .gateway
        .routes()
        .all()
        .forEach(route -> served.add(route.method() + " " + route.template()));

    assertThat(documented).isEqualTo(served);
  }

  @Test
  void the_statuses_are_those_of_the_code() {
    assertThat(listed("TransferStatus"))
        .isEqualTo(Stream.of(TransferStatus.values()).map(TransferStatus::label).toList());
    assertThat(listed("AccountStatus"))
        .isEqualTo(Stream.of(AccountStatus.values()).map(AccountStatus::label).toList());
  }

  @Test
  void the_flags_are_those_of_the_code() {
    assertThat(listed("TransferFlag")).isEqualTo(FlagNames.TRANSFER.all());
    assertThat(listed("AccountFlag")).isEqualTo(FlagNames.ACCOUNT.all());
  }

  @Test
  void the_error_codes_are_those_of_the_code_each_under_its_http_status() {
    assertThat(listed("ErrorCode"))
        .isEqualTo(Stream.of(ErrorCode.values()).map(ErrorCode::code).toList());
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(document.at("/components/responses"))
          .as("a response that names " + code.code())
          .anySatisfy(
              response ->
                  assertThat(response.path("description").asText())
                      .contains("`" + code.code() + "`"));
    }
    document
        .path("paths")
        .forEach(
            path ->
                path.forEach(
                    operation ->
                        operation
                            .path("responses")
                            .properties()
                            .forEach(
                                response -> {
                                  if (!response.getKey().equals("200")) {
                                    assertListsItsCodes(response.getKey(), response.getValue());
                                  }
                                })));
  }

  @Test
  void the_fields_of_events_are_those_that_are_read() {
    assertThat(fields("NewTransfer")).isEqualTo(List.copyOf(EventShape.TRANSFER.fieldNames()));
    assertThat(fields("NewAccount")).isEqualTo(List.copyOf(EventShape.ACCOUNT.fieldNames()));
  }

  @Test
  void the_fields_of_records_are_those_that_are_written() throws Exception {
    UInt128 one = UInt128.of(1);
    var bytes = new java.io.ByteArrayOutputStream();
    var mapper = new com.fasterxml.jackson.databind.ObjectMapper();
    try (var json = mapper.createGenerator(bytes)) {
      json.writeStartArray();
      JsonRecords.writeAccount(json, Account.opening(one, 1, 1, 0));
      JsonRecords.writeTransfer(
          json,
          new TransferWithDetails( // every field that a transfer can have
              Transfer.payment(one, one, one, 1, 1, 1), new byte[] {1}, DetailsForm.ERASED));
      json.writeEndArray();
    }
    JsonNode written = mapper.readTree(bytes.toByteArray());

    assertThat(fields("Account")).isEqualTo(names(written.get(0)));
    assertThat(fields("Transfer")).isEqualTo(names(written.get(1)));
  }

  @Test
  void the_query_parameters_are_those_that_are_taken() {
    assertThat(query("/v1/accounts", "get")).isEqualTo(Histories.LIST_PARAMETERS);
    assertThat(query("/v1/transfers", "get")).isEqualTo(Histories.LIST_PARAMETERS);
    assertThat(query("/v1/accounts/{id}/balance", "get")).isEqualTo(Balances.BALANCE_PARAMETERS);
    assertThat(query("/v1/accounts/{id}/holds", "get")).isEqualTo(Balances.HOLDS_PARAMETERS);
    assertThat(query("/v1/accounts/{id}/transfers", "get")).isEqualTo(Histories.HISTORY_PARAMETERS);
    assertThat(query("/v1/accounts/{id}/balances", "get")).isEqualTo(Histories.HISTORY_PARAMETERS);
    for (String path : List.of("/v1/accounts/lookup", "/v1/transfers/lookup")) {
      assertThat(query(path, "post")).isEqualTo(Lookups.PARAMETERS);
    }
    assertThat(query("/v1/accounts/{id}", "get")).isEqualTo(Lookups.PARAMETERS);
    assertThat(query("/v1/transfers/{id}", "get")).isEqualTo(Lookups.PARAMETERS);
  }

  @Test
  void the_examples_are_taken_as_they_stand() {
    for (EventShape shape : List.of(EventShape.ACCOUNT, EventShape.TRANSFER)) {
      JsonNode example =
          document
              .path("paths")
              .path("/v1/" + shape.word() + "s")
              .at("/post/requestBody/content/application~1json/example");
      byte[] body = example.toString().getBytes(UTF_8);
      assertThat(EventParser.parse(shape, body, body.length).eventCount())
          .isEqualTo(example.size());
    }
  }

  @Test
  void every_reference_leads_somewhere() {
    List<JsonNode> references = document.findValues("$ref");
    assertThat(references).isNotEmpty();
    for (JsonNode reference : references) {
      assertThat(document.at(reference.asText().substring(1)).isMissingNode())
          .as(reference.asText())
          .isFalse();
    }
  }

  private void assertListsItsCodes(String status, JsonNode response) {
    String description =
        document.at(response.path("$ref").asText().substring(1)).path("description").asText();
    List<String> codes =
        Stream.of(ErrorCode.values())
            .filter(code -> Integer.toString(code.status()).equals(status))
            .map(ErrorCode::code)
            .toList();
    assertThat(codes).as("codes with status " + status).isNotEmpty();
    codes.forEach(code -> assertThat(description).contains("`" + code + "`"));
  }

  private List<String> listed(String schema) {
    List<String> words = new ArrayList<>();
    document
        .at("/components/schemas/" + schema + "/enum")
        .forEach(word -> words.add(word.asText()));
    return words;
  }

  private List<String> fields(String schema) {
    return names(document.at("/components/schemas/" + schema + "/properties"));
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private Set<String> query(String path, String method) {
    Set<String> names = new TreeSet<>();
    for (JsonNode reference : document.path("paths").path(path).path(method).path("parameters")) {
      JsonNode parameter = document.at(reference.path("$ref").asText().substring(1));
      if (parameter.path("in").asText().equals("query")) {
        names.add(parameter.path("name").asText());
      }
    }
    return names;
  }
}
