package io.holdfast.gateway.rest;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.holdfast.client.LedgerAccess;
import java.util.ArrayList;
import java.util.List;

/**
 * What goes back to the caller.
 *
 * @param headers beyond content type and length
 */
record Answer(Status status, Header contentType, byte[] body, List<Header> headers) {
  static final String BATCH_MEDIA_TYPE = "application/vnd.holdfast.batch";

  private static final Header JSON =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");
  private static final Header BATCH =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, BATCH_MEDIA_TYPE);
  private static final Header PROBLEM =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE);
  private static final Header RETRY_SOON = HeaderValues.createCached(HeaderNames.RETRY_AFTER, "1");

  static Answer json(byte[] body) {
    return new Answer(Status.OK_200, JSON, body, List.of());
  }

  /** Requests' and records' own encoding. */
  static Answer batch(byte[] body) {
    return new Answer(Status.OK_200, BATCH, body, List.of());
  }

  static Answer text(String contentType, byte[] body) {
    return new Answer(
        Status.OK_200, HeaderValues.create(HeaderNames.CONTENT_TYPE, contentType), body, List.of());
  }

  static Answer problem(Problem problem) {
    List<Header> headers = new ArrayList<>(2);
    if (problem.error().passes()) {
      headers.add(RETRY_SOON);
    }
    if (problem.error().endsConnection()) {
      headers.add(HeaderValues.CONNECTION_CLOSE);
    }
    String allow = problem.allow();
    if (allow != null) {
      headers.add(HeaderValues.create(HeaderNames.ALLOW, allow));
    }
    return new Answer(Status.create(problem.error().status()), PROBLEM, problem.toBytes(), headers);
  }

  /** The same with headers that say how fresh what was read is. */
  Answer withFreshness(LedgerAccess.Answer<?> read) {
    List<Header> all = new ArrayList<>(headers);
    all.add(HeaderValues.create("Holdfast-Op", read.op()));
    all.add(HeaderValues.create("Holdfast-Lag-Ops", read.lagOps()));
    all.add(HeaderValues.create("Holdfast-Lag-Millis", read.lagMillis()));
    return new Answer(status, contentType, body, all);
  }
}
