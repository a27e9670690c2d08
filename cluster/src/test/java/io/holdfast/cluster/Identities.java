package io.holdfast.cluster;

import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Sites to test with, made as {@code holdfast init} makes them. */
final class Identities {
  static final Clock CLOCK = new SystemClock();

  private Identities() {}

  /** A site of n1, n2, n3 on localhost, ports 7401 to 7403. */
  static Path site(Path directory) {
    return site(directory, "main");
  }

  static Path site(Path directory, String name) {
    SiteInit.create(directory, name, nodes(3), CLOCK);
    return directory;
  }

  static List<SiteInit.NodePlan> nodes(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> new Member("n" + i, "localhost", 7400 + i))
        .map(member -> new SiteInit.NodePlan(member, List.of(), Map.of()))
        .toList();
  }

  static NodeTls tls(Path site, String node) {
    Path home = site.resolve(node);
    return NodeTls.load(Genesis.read(home), home.resolve("keys"), CLOCK);
  }

  static HoldfastException refusal(ThrowingCallable call) {
    return Assertions.catchThrowableOfType(HoldfastException.class, call);
  }

  static Throwable failure(ThrowingCallable call) {
    return Assertions.catchThrowable(call);
  }
}
