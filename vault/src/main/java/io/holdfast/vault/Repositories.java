package io.holdfast.vault;

import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.SystemDisk;

/** Opens repositories. */
public final class Repositories {
  private Repositories() {}

  /**
   * Opens what {@link #create} made.
   *
   * @throws io.holdfast.kernel.HoldfastException codes {@code repository-missing}, {@code
   *     repository-denied}
   */
  public static Repository open(RepositoryLocation location) {
    return switch (location) {
      case RepositoryLocation.InDirectory directory ->
          paced(
              FileRepository.open(directory.root(), SystemDisk.INSTANCE, new SystemClock()),
              directory.bytesPerSecondMax());
      case RepositoryLocation.InBucket bucket ->
          paced(Buckets.open(bucket), bucket.bytesPerSecondMax());
      case RepositoryLocation.InArchive archive -> ArchiveRepository.open(archive.file());
    };
  }

  /**
   * Makes the place, if it is not there, and opens it: a directory; a bucket must be there already.
   */
  public static Repository create(RepositoryLocation location) {
    if (location instanceof RepositoryLocation.InDirectory directory) {
      FileRepository.create(directory.root(), SystemDisk.INSTANCE);
    }
    return open(location);
  }

  private static Repository paced(Repository repository, long bytesPerSecondMax) {
    return bytesPerSecondMax == 0
        ? repository
        : PacedRepository.writing(repository, bytesPerSecondMax);
  }
}
