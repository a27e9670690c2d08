package io.holdfast.gateway.rest;

import io.holdfast.kernel.HoldfastException;
import org.jspecify.annotations.Nullable;

/** A request that the gateway itself refuses, with where in it the fault is. */
final class Refusal extends HoldfastException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode error;
  private final @Nullable String path;
  private final @Nullable String parameter;
  private final @Nullable String allow;

  private Refusal(
      ErrorCode error,
      String message,
      String hint,
      @Nullable String path,
      @Nullable String parameter,
      @Nullable String allow) {
    super(error.code(), message, hint);
    this.error = error;
    this.path = path;
    this.parameter = parameter;
    this.allow = allow;
  }

  /** A fault of the request as a whole. */
  static Refusal of(ErrorCode error, String message, String hint) {
    return new Refusal(error, message, hint, null, null, null);
  }

  /**
   * A fault at one place of the JSON body.
   *
   * @param path JSON pointer (RFC 6901) of the value
   */
  static Refusal at(String path, ErrorCode error, String message, String hint) {
    return new Refusal(error, message, hint, path, null, null);
  }

  /** A fault in a query parameter or header. */
  static Refusal parameter(String name, ErrorCode error, String message, String hint) {
    return new Refusal(error, message, hint, null, name, null);
  }

  /**
   * A method that the path does not take.
   *
   * @param allow the value of the Allow header
   */
  static Refusal method(String method, String path, String allow) {
    return new Refusal(
        ErrorCode.METHOD_NOT_ALLOWED,
        path + " does not take " + method + "; allowed: " + allow,
        "",
        null,
        null,
        allow);
  }

  ErrorCode error() {
    return error;
  }

  @Nullable String path() {
    return path;
  }

  @Nullable String parameter() {
    return parameter;
  }

  @Nullable String allow() {
    return allow;
  }

  /** Thrown often and never looked at for where: no stack trace is taken. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
