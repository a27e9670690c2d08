package io.holdfast.vault;

/** Is told how long work goes on; for any thread. */
public interface Telling {
  Telling NONE = (step, doneBytes, allBytes) -> {};

  /**
   * @param step what is done, in a word or two
   * @param doneBytes so far
   * @param allBytes -1 while it is not known
   */
  void progress(String step, long doneBytes, long allBytes);
}
