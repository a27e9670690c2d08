package io.holdfast.cli;

/** Why one row of a file cannot become a transfer; the import goes on with the next row. */
final class RowRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String reason;

  /**
   * @param code stable, in kebab case, listed in docs/reference/import.md
   * @param reason the column, its value and what is allowed
   */
  RowRefused(String code, String reason) {
    super(reason, null, false, false); // no stack trace: millions of rows may be refused
    this.code = code;
    this.reason = reason;
  }

  String code() {
    return code;
  }

  String reason() {
    return reason;
  }
}
