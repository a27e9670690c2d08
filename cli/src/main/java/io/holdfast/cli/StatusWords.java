package io.holdfast.cli;

import io.holdfast.ledger.AccountStatus;
import io.holdfast.ledger.TransferStatus;
import java.util.Locale;

/** What the ledger's statuses say to a person, and what can be done about them. */
final class StatusWords {
  private StatusWords() {}

  /** The status in words, its API name in brackets. */
  static String of(TransferStatus status) {
    return words(status.label());
  }

  static String of(AccountStatus status) {
    return words(status.label());
  }

  /** What to do next; empty where the words say it all. */
  static String hint(TransferStatus status) {
    return switch (status) {
      case DEBIT_ACCOUNT_NOT_FOUND, CREDIT_ACCOUNT_NOT_FOUND ->
          "create the account first; this id stays failed, so use a new one then";
      case EXCEEDS_CREDITS, EXCEEDS_DEBITS ->
          "the account's limit forbids it; fund the account and repeat with a new id";
      case DEBIT_ACCOUNT_ALREADY_CLOSED, CREDIT_ACCOUNT_ALREADY_CLOSED ->
          "void the pending transfer that closed the account, then use a new id";
      case ID_ALREADY_FAILED -> "an id that failed once never succeeds; use a new one";
      case PENDING_TRANSFER_NOT_FOUND ->
          "check the pending id; this id stays failed, so use a new one";
      case PENDING_TRANSFER_ALREADY_POSTED, PENDING_TRANSFER_ALREADY_VOIDED ->
          "a pending transfer is resolved once; look at it with 'holdfast transfer show'";
      case PENDING_TRANSFER_EXPIRED -> "its time is over and the amount is free again";
      case ACCOUNTS_MUST_HAVE_THE_SAME_LEDGER, TRANSFER_MUST_HAVE_THE_SAME_LEDGER_AS_ACCOUNTS ->
          "money moves within one ledger; see the accounts with 'holdfast account show'";
      case TIMEOUT_RESERVED_FOR_PENDING_TRANSFER -> "add --pending, or leave --timeout away";
      case IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS ->
          "the ledger holds a younger transfer already";
      default -> existsDiffers(status.label());
    };
  }

  static String hint(AccountStatus status) {
    return status == AccountStatus.FLAGS_ARE_MUTUALLY_EXCLUSIVE
        ? "an account has at most one of the two limits"
        : existsDiffers(status.label());
  }

  private static String existsDiffers(String label) {
    return label.startsWith("exists_with_different")
        ? "the id is taken by one that differs in this field; use another id"
        : "";
  }

  private static String words(String label) {
    String spaced = label.replace('_', ' ').toLowerCase(Locale.ROOT);
    return spaced + " (" + label + ")";
  }
}
