package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/** Names what a store that speaks S3 said, and tells what is worth another attempt. */
record S3Faults(String repository, String bucket, @Nullable URI endpoint)
    implements Attempts.Judge {
  private static final int REDIRECT = 300;
  private static final int CLIENT_ERROR = 400;
  private static final int SERVER_ERROR = 500;
  private static final int NOT_FOUND = 404;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int CONFLICT = 409;
  private static final int PRECONDITION_FAILED = 412;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int NOT_IMPLEMENTED = 501;
  private static final int NO_ROOM = 507;

  // 4xx that pass: throttling, a connection that was too slow, a put beside another one.
  private static final Set<String> PASSING =
      Set.of(
          "SlowDown",
          "Throttling",
          "ThrottlingException",
          "RequestLimitExceeded",
          "RequestTimeout",
          "IncompleteBody",
          "BadDigest",
          "OperationAborted",
          "ConditionalRequestConflict");
  private static final Set<String> NO_ROOM_CODES =
      Set.of("QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "EntityTooLarge");
  private static final Set<String> BAD_KEY =
      Set.of("InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken");
  private static final Set<String> WRONG_REGION =
      Set.of("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraint");

  static String code(SdkServiceException e) {
    AwsErrorDetails details =
        e instanceof AwsServiceException service ? service.awsErrorDetails() : null;
    String code = details == null ? null : details.errorCode();
    return code == null ? "" : code;
  }

  static boolean isTaken(SdkServiceException e) {
    return e.statusCode() == PRECONDITION_FAILED;
  }

  /** Whether a store does not know a header that was sent. */
  static boolean isNotImplemented(SdkServiceException e) {
    return e.statusCode() == NOT_IMPLEMENTED || code(e).equals("NotImplemented");
  }

  /** Whether an answer with a body says so; one whose body did not come says nothing. */
  static boolean isMissingObject(SdkServiceException e) {
    String code = code(e);
    return e.statusCode() == NOT_FOUND && !code.isEmpty() && !code.equals("NoSuchBucket");
  }

  /** Whether an answer was cut off in its first line, or before it said what is wrong. */
  private static boolean isHalf(int status, String code) {
    boolean redirect = status >= REDIRECT && status < CLIENT_ERROR;
    return (status < CLIENT_ERROR && !redirect)
        || ((status == CLIENT_ERROR || status == NOT_FOUND) && code.isEmpty());
  }

  /** Whether a deletion was refused because the store must keep the object. */
  static boolean isLocked(SdkServiceException e) {
    if (e.statusCode() < CLIENT_ERROR || e.statusCode() >= SERVER_ERROR) {
      return false;
    }
    String text = (code(e) + " " + e.getMessage()).toLowerCase(Locale.ROOT);
    return text.contains("object lock")
        || text.contains("objectlock")
        || text.contains("worm")
        || text.contains("legal hold")
        || text.contains("retention");
  }

  @Override
  public @Nullable HoldfastException finalFault(Throwable failure) {
    return switch (failure) {
      case HoldfastException coded -> coded;
      case SdkServiceException service -> refusal(service);
      case Error error -> throw error;
      default -> handshake(failure);
    };
  }

  private @Nullable HoldfastException handshake(Throwable failure) {
    SSLHandshakeException handshake = causeOf(failure, SSLHandshakeException.class);
    return handshake == null
        ? null
        : RepositoryFaults.unavailable(
            repository,
            "is at an address whose certificate is not trusted: " + handshake.getMessage(),
            "give Java the certificate of its authority (-Djavax.net.ssl.trustStore=…), or correct"
                + " the endpoint",
            failure);
  }

  private @Nullable HoldfastException refusal(SdkServiceException e) {
    int status = e.statusCode();
    String code = code(e);
    if (status == NO_ROOM || NO_ROOM_CODES.contains(code)) {
      return coded(
          "repository-full",
          e,
          "has no room",
          "raise its quota, or let holdfast backup expire remove what is no longer needed");
    }
    if (isNotImplemented(e)) {
      return coded(
          "repository-denied",
          e,
          "does not know what it is asked for",
          "docs/operate/backup-repositories.md says what a store must be able to do");
    }
    if (isHalf(status, code)
        || status >= SERVER_ERROR
        || status == REQUEST_TIMEOUT
        || status == CONFLICT
        || status == TOO_MANY_REQUESTS
        || PASSING.contains(code)) {
      return null;
    }
    if (code.equals("NoSuchBucket")) {
      return coded(
          "repository-missing",
          e,
          "has no bucket " + bucket,
          "make the bucket, or correct its name, the endpoint or the region");
    }
    return denial(e, code);
  }

  private HoldfastException denial(SdkServiceException e, String code) {
    if (BAD_KEY.contains(code)) {
      return coded(
          "repository-denied",
          e,
          "does not take the credentials",
          "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile in ~/.aws");
    }
    if (code.equals("RequestTimeTooSkewed")) {
      return coded("repository-denied", e, "has another time", "set the clock of this machine");
    }
    if (WRONG_REGION.contains(code) || e.statusCode() < CLIENT_ERROR) {
      return coded(
          "repository-denied",
          e,
          "keeps the bucket " + bucket + " in another region",
          "give its region with --region");
    }
    return coded(
        "repository-denied",
        e,
        "does not allow it",
        "docs/operate/backup-repositories.md lists the permissions that are needed, and what object"
            + " lock needs of a bucket");
  }

  private HoldfastException coded(String code, SdkServiceException e, String what, String hint) {
    return new HoldfastException(
        code, repository + " " + what + ": " + e.statusCode() + " " + text(e), hint, e);
  }

  private static String text(SdkServiceException e) {
    AwsErrorDetails details =
        e instanceof AwsServiceException service ? service.awsErrorDetails() : null;
    String message = details == null ? null : details.errorMessage();
    return (code(e) + " " + (message == null ? "" : message)).strip();
  }

  @Override
  public HoldfastException unavailable(@Nullable Throwable failure, int attempts, long millis) {
    HalfAnswerException half = causeOf(failure, HalfAnswerException.class);
    if (half != null && half.whole()) {
      return new HoldfastException(
          "object-damaged",
          "of " + repository + ": " + half.getMessage(),
          "another repository may have it whole",
          half);
    }
    UnknownHostException unknown = causeOf(failure, UnknownHostException.class);
    String tried = " (" + attempts + " attempts in " + millis + " ms)";
    if (unknown != null) {
      return RepositoryFaults.unavailable(
          repository,
          "cannot be reached: no address is known for " + unknown.getMessage() + tried,
          "correct the endpoint; a store that does not have the bucket in the name of its host needs"
              + " --path-style",
          failure);
    }
    String at = endpoint == null ? "" : " at " + endpoint;
    if (causeOf(failure, ConnectException.class) != null) {
      return RepositoryFaults.unavailable(
          repository,
          "cannot be reached" + at + tried + ": " + last(failure),
          "start the store, or correct the endpoint; what was stored before is kept",
          failure);
    }
    return RepositoryFaults.unavailable(
        repository,
        "does not answer" + at + tried + ": " + last(failure),
        "try again when it does; what was stored before is kept, so that a backup resumes",
        failure);
  }

  private static String last(@Nullable Throwable failure) {
    return switch (failure) {
      case null -> "no reason known";
      case SdkServiceException service -> service.statusCode() + " " + text(service);
      case TimeoutException ignored -> "an attempt took too long";
      case InterruptedException ignored -> "the attempt was interrupted";
      default -> {
        Throwable root = failure;
        while (root.getCause() != null) {
          root = root.getCause();
        }
        yield String.valueOf(root.getMessage());
      }
    };
  }

  private static <T extends Throwable> @Nullable T causeOf(
      @Nullable Throwable failure, Class<T> type) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return type.cast(t);
      }
    }
    return null;
  }
}
