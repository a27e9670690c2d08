package io.holdfast.cluster;

import io.holdfast.cluster.ScrubStatus.Finding;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was found damaged since the node started, and what of it is damaged now. For any thread. */
final class ScrubFindings {
  private static final Logger LOG = LoggerFactory.getLogger(ScrubFindings.class);

  /** The log has them all. */
  private static final int KEPT = 50;

  private final Deque<Finding> newest = new ArrayDeque<>();
  private final Map<String, Finding> unmended = new LinkedHashMap<>();
  private long found;
  private long mended;

  synchronized void add(Finding finding) {
    boolean known = unmended.containsKey(finding.file());
    switch (finding.outcome()) {
      case Finding.MENDED -> {
        mended++;
        unmended.remove(finding.file());
        LOG.warn("mended {}, which was damaged: {}", finding.file(), finding.what());
      }
      case Finding.HARMLESS ->
          LOG.warn("{} is damaged: {}; {}", finding.file(), finding.what(), finding.note());
      default -> {
        unmended.put(finding.file(), finding);
        LOG.error("{} is damaged: {}; {}", finding.file(), finding.what(), finding.note());
      }
    }
    found += known ? 0 : 1;
    newest.addLast(finding);
    if (newest.size() > KEPT) {
      newest.removeFirst();
    }
  }

  /** The file is what it should be, or is there no more. */
  synchronized void sound(String file) {
    unmended.remove(file);
  }

  synchronized List<Finding> newest() {
    return new ArrayList<>(newest);
  }

  synchronized List<Finding> unmended() {
    return new ArrayList<>(unmended.values());
  }

  synchronized long found() {
    return found;
  }

  synchronized long mended() {
    return mended;
  }
}
