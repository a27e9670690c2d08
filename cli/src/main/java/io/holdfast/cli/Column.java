package io.holdfast.cli;

/**
 * A column of the file, as the mapping names it.
 *
 * @param line of the mapping file that names it, for errors
 */
record Column(String name, int line) {}
