package io.holdfast.vault;

import java.util.List;

/**
 * Something in a repository that is not as it must be.
 *
 * @param object its name
 * @param what is wrong with it
 * @param holds what it holds, or should, and what cannot be restored without it
 * @param backups names of the manifests that need it; none when it belongs to no backup
 */
public record Finding(String object, String what, String holds, List<String> backups) {
  public Finding {
    backups = List.copyOf(backups);
  }
}
