package io.holdfast.gateway.rest;

/** How a field's value is written in JSON, and what may stand there. */
enum FieldType {
  ID("a string of decimal digits below 2^128, or of 32 hex digits"),
  AMOUNT("a string of decimal digits, in whole minor units, from 0 to 2^128-1"),
  NUMBER_128("a string of decimal digits from 0 to 2^128-1"),
  NUMBER_64("a string of decimal digits from 0 to 18446744073709551615"),
  NUMBER_32("a number from 0 to 4294967295"),
  NUMBER_16("a number from 0 to 65535"),
  FLAGS("an array of names of flags"),
  DETAILS("a string of base64 for at most 4096 bytes");

  private final String allowed;

  FieldType(String allowed) {
    this.allowed = allowed;
  }

  /** What may stand there, in words. */
  String allowed() {
    return allowed;
  }
}
