package io.holdfast.kernel;

/**
 * A refusal or fault with a stable code that scripts can rely on, a message that names the thing,
 * its value and what is allowed, and a hint of what to do next.
 */
public class HoldfastException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String hint;

  /**
   * @param code stable, in kebab case, listed in docs/reference/errors.md
   * @param message what is wrong: the field, its value, what is allowed
   * @param hint what to do next; empty when there is nothing to add
   */
  public HoldfastException(String code, String message, String hint) {
    super(message);
    this.code = code;
    this.hint = hint;
  }

  public HoldfastException(String code, String message, String hint, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.hint = hint;
  }

  public String code() {
    return code;
  }

  public String hint() {
    return hint;
  }

  /** The message of this exception; unlike {@link #getMessage()} never null. */
  public String message() {
    return String.valueOf(getMessage());
  }
}
