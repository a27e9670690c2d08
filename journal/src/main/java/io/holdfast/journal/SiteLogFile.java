package io.holdfast.journal;

import io.holdfast.journal.JournalSegment.Fault;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known about one file of a site's log.
 *
 * @param log which log of its directory: only the last one is written, those before ended in damage
 * @param logId in hex; empty when not even the file's beginning is whole
 * @param node whose log it is
 * @param last number of its last whole act; the one before {@code first} if it has none
 * @param chain after its last whole act, in hex
 * @param acts the whole ones, in order
 * @param unfinishedBytes behind the last whole act of a log's last file
 * @param fault what is wrong; null when nothing is known to be
 */
public record SiteLogFile(
    Path file,
    int log,
    String logId,
    String node,
    long first,
    long last,
    String chain,
    long sizeBytes,
    List<Act> acts,
    long unfinishedBytes,
    @Nullable Fault fault) {
  public SiteLogFile {
    acts = List.copyOf(acts);
  }
}
