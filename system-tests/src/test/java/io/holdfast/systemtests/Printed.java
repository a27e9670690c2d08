package io.holdfast.systemtests;

/** What a test prints for those who read its log: seeds, and times measured but not judged. */
final class Printed {
  private Printed() {}

  static void line(String text) {
    System.out.println("[holdfast] " + text);
  }
}
