package io.holdfast.gateway.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.TransferRecord;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a JSON body may not be, and how it is told. */
class StrictJsonTest {
  /** Body | code | JSON pointer | part of the message | part of the hint. */
  @ParameterizedTest(name = "{1} at {2}: {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      textBlock =
          """
          [{"amount":"12.50"}]           | malformed-amount   | /0/amount      | amount of event 0 is '12.50'; allowed: a string of decimal digits, in whole minor units | write 12.50 with two decimals as "1250"
          [{"amount":12.5}]              | malformed-amount   | /0/amount      | amount of event 0 is '12.5' | write 12.50
          [{"amount":"-5"}]              | malformed-amount   | /0/amount      | amount of event 0 is '-5'   | exchange debit and credit account
          [{"amount":"1e3"}]             | malformed-amount   | /0/amount      | amount of event 0 is '1e3'  | -
          [{"amount":""}]                | malformed-amount   | /0/amount      | amount of event 0 is ''     | -
          [{"amount":" 5"}]              | malformed-amount   | /0/amount      | amount of event 0 is ' 5'   | -
          [{"amount":"٣"}]               | malformed-amount   | /0/amount      | amount of event 0 is        | -
          [{"amount":"340282366920938463463374607431768211456"}] | out-of-range | /0/amount | allowed: a string of decimal digits, in whole minor units, from 0 to 2^128-1 | -
          [{"amount":"9999999999999999999999999999999999999999999999"}] | out-of-range | /0/amount | is '9999999999999999999999999999999999999999…' | -
          [{"amount":5}]                 | wrong-type         | /0/amount      | amount of event 0 is the number '5'; allowed: a string | write it in quotes
          [{"amount":null}]              | wrong-type         | /0/amount      | amount of event 0 is null   | -
          [{"amount":["5"]}]             | wrong-type         | /0/amount      | amount of event 0 is an array | -
          [{"id":"x"}]                   | malformed-id       | /0/id          | id of event 0 is 'x'; allowed: a string of decimal digits below 2^128, or of 32 hex digits | -
          [{"id":"00112233-4455-6677-8899-aabbccddeeff"}] | malformed-id | /0/id | id of event 0 is | write a UUID without its hyphens
          [{"id":"g0112233445566778899aabbccddeeff"}] | malformed-id | /0/id | id of event 0 is | -
          [{"id":"340282366920938463463374607431768211456"}] | out-of-range | /0/id | id of event 0 is | -
          [{"id":"1"},{"pending_id":7}]  | wrong-type         | /1/pending_id  | pending_id of event 1 is the number '7' | write it in quotes
          [{"user_data_128":"a"}]        | malformed-number   | /0/user_data_128 | user_data_128 of event 0 is 'a' | -
          [{"user_data_64":"18446744073709551616"}] | out-of-range | /0/user_data_64 | allowed: a string of decimal digits from 0 to 18446744073709551615 | -
          [{"user_data_32":4294967296}]  | out-of-range       | /0/user_data_32 | user_data_32 of event 0 is '4294967296'; allowed: a number from 0 to 4294967295 | -
          [{"ledger":-1}]                | out-of-range       | /0/ledger      | ledger of event 0 is '-1'   | -
          [{"ledger":"978"}]             | wrong-type         | /0/ledger      | ledger of event 0 is the string '978' | write it without quotes
          [{"ledger":1.0}]               | wrong-type         | /0/ledger      | ledger of event 0 is the number '1.0' | -
          [{"code":65536}]               | out-of-range       | /0/code        | allowed: a number from 0 to 65535 | -
          [{"code":99999999999999999999999999}] | out-of-range | /0/code       | code of event 0 is '99999999999999999999999999' | -
          [{"code":true}]                | wrong-type         | /0/code        | code of event 0 is true     | -
          [{"code":{"a":1}}]             | wrong-type         | /0/code        | code of event 0 is an object | -
          [{"flags":"pending"}]          | wrong-type         | /0/flags       | flags of event 0 is the string 'pending'; allowed: an array of names of flags | -
          [{"flags":2}]                  | wrong-type         | /0/flags       | flags of event 0 is the number '2' | -
          [{"flags":["pending",2]}]      | wrong-type         | /0/flags/1     | flag 1 of event 0 is the number '2' | -
          [{"flags":["pendig"]}]         | unknown-flag       | /0/flags/0     | flag 0 of event 0 is 'pendig'; allowed: linked, pending, | did you mean 'pending'?
          [{"flags":["pending","pending"]}] | duplicate-flag  | /0/flags/1     | flag 1 of event 0 is 'pending' for the second time | remove one
          [{"timestamp":"-1"}]           | malformed-number   | /0/timestamp   | timestamp of event 0 is '-1' | -
          [{"details":"*"}]              | malformed-details  | /0/details     | details of event 0 is no base64 | RFC 4648
          [{"details":5}]                | wrong-type         | /0/details     | details of event 0 is the number '5' | -
          [{"id":"1","id":"1"}]          | duplicate-field    | /0/id          | event 0 has the field 'id' twice | remove one
          [{"amout":"1"}]                | unknown-field      | /0/amout       | event 0 has the unknown field 'amout'; allowed: id, debit_account_id, | did you mean 'amount'?
          [{"debitAccountId":"1"}]       | unknown-field      | /0/debitAccountId | event 0 has the unknown field 'debitAccountId' | did you mean 'debit_account_id'?
          [{"memo/~x":"1"}]              | unknown-field      | /0/memo~1~0x   | event 0 has the unknown field 'memo/~x' | remove it
          [5]                            | wrong-type         | /0             | event 0 is the number '5'; allowed: an object | -
          [{},null]                      | wrong-type         | /1             | event 1 is null             | -
          {"id":"1"}                     | wrong-type         | ``             | the body is an object; allowed: an array of transfers | -
          "x"                            | wrong-type         | ``             | the body is the string 'x'  | -
          []                             | no-events          | ``             | the array is empty; allowed: 1 to 8189 events | -
          [{"id":"1"}] []                | malformed-json     | -              | more follows after the end  | -
          [{"id":"1"},]                  | malformed-json     | -              | at line 1, column           | JSON validator
          [{"id":'1'}]                   | malformed-json     | -              | at line 1, column           | -
          [{"id":"1"                     | malformed-json     | -              | the body is no valid JSON at line 1, column 11: it ends too early | -
          [{"id":"1                      | malformed-json     | -              | it ends too early           | -
          [{"id":"\\q"}]                 | malformed-json     | -              | Unrecognized character escape 'q' | -
          [{"code":01}]                  | malformed-json     | -              | the body is no valid JSON   | -
          [{"code":NaN}]                 | malformed-json     | -              | the body is no valid JSON   | -
          ``                             | malformed-json     | -              | the body is no valid JSON: it is empty | -
          nonsense                       | malformed-json     | -              | the body is no valid JSON at line 1 | -
          """)
  void what_is_not_as_documented_is_refused_by_name(
      String body, String code, String path, String message, String hint) {
    Refusal refusal = refused(EventShape.TRANSFER, body.getBytes(UTF_8));

    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal.path()).isEqualTo(path);
    assertThat(refusal.message()).contains(message);
    if (hint != null) {
      assertThat(refusal.hint()).contains(hint);
    }
  }

  @Test
  void an_account_begins_without_balances_and_details() {
    assertThat(refused(EventShape.ACCOUNT, "[{\"debits_posted\":\"1\"}]".getBytes(UTF_8)).message())
        .isEqualTo(
            "event 0 has the unknown field 'debits_posted'; allowed: id, user_data_128,"
                + " user_data_64, user_data_32, ledger, code, flags, timestamp");
    assertThat(refused(EventShape.ACCOUNT, "[{\"details\":\"\"}]".getBytes(UTF_8)).code())
        .isEqualTo("unknown-field");
  }

  @Test
  void bytes_that_are_no_text_are_refused() {
    byte[] noise = new byte[4_096];
    new Random(7).nextBytes(noise);
    assertThat(refused(EventShape.TRANSFER, noise).code()).isEqualTo("malformed-json");

    byte[] brokenUtf8 = "[{\"id\":\"1x\"}]".getBytes(UTF_8);
    brokenUtf8[8] = (byte) 0xFF;
    assertThat(refused(EventShape.TRANSFER, brokenUtf8).code()).isEqualTo("malformed-json");
  }

  @Test
  void a_number_of_ten_thousand_digits_is_refused() {
    String digits = "9".repeat(10_000);
    assertThat(refused(EventShape.TRANSFER, ("[{\"code\":" + digits + "}]").getBytes(UTF_8)).code())
        .isIn("out-of-range", "malformed-json");
    assertThat(
            refused(EventShape.TRANSFER, ("[{\"amount\":\"" + digits + "\"}]").getBytes(UTF_8))
                .code())
        .isEqualTo("out-of-range");
  }

  @Test
  void deep_nesting_is_refused_at_its_first_level() {
    String deep = "[".repeat(100_000);
    assertThat(refused(EventShape.TRANSFER, deep.getBytes(UTF_8)).code()).isEqualTo("wrong-type");
  }

  @Test
  void a_request_holds_8189_events_and_not_one_more() {
    StringBuilder body = new StringBuilder("[");
    for (int i = 1; i <= 8_189; i++) {
      body.append(i == 1 ? "" : ",").append("{\"id\":\"").append(i).append("\"}");
    }
    byte[] full = (body + "]").getBytes(UTF_8);
    Request request = EventParser.parse(EventShape.TRANSFER, full, full.length);
    assertThat(request.eventCount()).isEqualTo(8_189);
    assertThat(
            TransferRecord.read(
                    MemorySegment.ofArray(request.bytes()),
                    Request.HEADER_BYTES + 8_188L * Request.EVENT_BYTES)
                .id())
        .isEqualTo(UInt128.of(8_189));

    Refusal refusal = refused(EventShape.TRANSFER, (body + ",{}]").getBytes(UTF_8));
    assertThat(refusal.code()).isEqualTo("too-many-events");
    assertThat(refusal.message())
        .isEqualTo("the request holds more than 8189 events; allowed: 1 to 8189");
  }

  @Test
  void details_hold_4096_bytes_and_not_one_more() {
    byte[] most = new byte[4_096];
    new Random(3).nextBytes(most);
    byte[] body = details(most);
    Request request = EventParser.parse(EventShape.TRANSFER, body, body.length);
    assertThat(request.hasDetails()).isTrue();

    Refusal refusal = refused(EventShape.TRANSFER, details(new byte[4_097]));
    assertThat(refusal.code()).isEqualTo("details-too-long");
    assertThat(refusal.message())
        .isEqualTo("details of event 0 holds 4097 bytes; allowed: at most 4096");
  }

  @Test
  void every_128_bit_number_is_read_as_it_was_written() {
    Random random = new Random(42);
    for (int i = 0; i < 20_000; i++) {
      BigInteger value = new BigInteger(random.nextInt(129), random);
      byte[] body = ("[{\"amount\":\"" + value + "\"}]").getBytes(UTF_8);
      Request request = EventParser.parse(EventShape.TRANSFER, body, body.length);
      assertThat(
              TransferRecord.read(MemorySegment.ofArray(request.bytes()), Request.HEADER_BYTES)
                  .amount()
                  .toBigInteger())
          .isEqualTo(value);
    }
  }

  @Test
  void every_id_is_read_as_it_is_written() {
    Random random = new Random(43);
    for (int i = 0; i < 20_000; i++) {
      UInt128 id = new UInt128(random.nextInt(4) == 0 ? 0 : random.nextLong(), random.nextLong());
      String written =
          new String(new JsonWriter(1).beginArray().id(id).endArray().toBytes(), UTF_8);
      assertThat(written).isEqualTo("[\"" + id.toId() + "\"]");
      byte[] body =
          ("[{\"id\":" + written.substring(1, written.length() - 1) + "}]").getBytes(UTF_8);
      Request request = EventParser.parse(EventShape.TRANSFER, body, body.length);
      assertThat(
              TransferRecord.read(MemorySegment.ofArray(request.bytes()), Request.HEADER_BYTES)
                  .id())
          .isEqualTo(id);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"ids\":[]}|no-ids",
        "{}|missing-field",
        "{\"id\":[\"1\"]}|unknown-field",
        "{\"ids\":[\"1\"],\"ids\":[\"1\"]}|duplicate-field",
        "{\"ids\":\"1\"}|wrong-type",
        "{\"ids\":[1]}|wrong-type",
        "{\"ids\":[\"x\"]}|malformed-id",
        "[\"1\"]|wrong-type",
        "{\"ids\":[\"1\"]}}|malformed-json",
        "|malformed-json"
      })
  void a_look_up_is_read_as_strictly(String row) {
    byte[] body = row.substring(0, row.indexOf('|')).getBytes(UTF_8);
    Refusal refusal =
        catchThrowableOfType(Refusal.class, () -> IdsParser.parseJson(body, body.length));
    assertThat(refusal.code()).isEqualTo(row.substring(row.indexOf('|') + 1));
  }

  private static Refusal refused(EventShape shape, byte[] body) {
    Refusal refusal =
        catchThrowableOfType(Refusal.class, () -> EventParser.parse(shape, body, body.length));
    assertThat(refusal).as("refusal of the body").isNotNull();
    return refusal;
  }

  private static byte[] details(byte[] value) {
    return ("[{\"details\":\"" + java.util.Base64.getEncoder().encodeToString(value) + "\"}]")
        .getBytes(UTF_8);
  }
}
