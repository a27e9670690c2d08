package io.holdfast.drill;

import io.holdfast.client.HoldfastClient;
import io.holdfast.kernel.HoldfastException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Kills, hangs and hands over on a site that is being paid at, times what its clients saw, and
 * proves what is in the ledger afterwards. Runs on the thread that calls it; a step that fails ends
 * it with a coded error that says where the nodes' output is.
 */
public final class Drill {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration TICK = Duration.ofMillis(200);

  private final LocalSite site;
  private final HoldfastClient client;
  private final PaymentDoor door;
  private final DrillPlan plan;
  private final DrillListener listener;
  private final SiteProbe probe;
  private final List<Mark> marks = new ArrayList<>();

  /** When a fault was made; its window lasts until the next one. */
  private record Mark(String kind, String node, long atNanos) {}

  /**
   * @param client by which accounts are opened and the ledger is read back; closed by the caller
   * @param door by which the load pays; closed at the end
   */
  public Drill(
      LocalSite site,
      HoldfastClient client,
      PaymentDoor door,
      DrillPlan plan,
      DrillListener listener) {
    this.site = site;
    this.client = client;
    this.door = door;
    this.plan = plan;
    this.listener = listener;
    this.probe = new SiteProbe(site);
  }

  /** Runs all steps; the site is left running. */
  public DrillReport run() {
    LoadPlan loadPlan = LoadPlan.of(plan.seed(), plan.clients()).withAccounts(plan.accounts());
    try (PaymentLoad load = new PaymentLoad(loadPlan, door)) {
      step(DrillStep.START, () -> site.nodes().size() + " nodes, " + start() + " leads");
      step(DrillStep.OPEN_ACCOUNTS, () -> openAccounts(loadPlan));
      step(DrillStep.PAY, () -> pay(DrillStep.PAY, load));
      NodeProcess killed = probe.awaitLeader(PATIENCE);
      step(DrillStep.KILL_LEADER, () -> kill(killed, load));
      step(DrillStep.BRING_BACK, () -> bringBack(killed, load));
      NodeProcess hung = probe.awaitLeader(PATIENCE);
      step(DrillStep.HANG_LEADER, () -> hang(hung, load));
      step(DrillStep.WAKE, () -> wake(hung, load));
      step(DrillStep.HAND_OVER, () -> handOver(load));
      step(DrillStep.STOP_LOAD, () -> stop(load));
      List<DrillReport> report = new ArrayList<>();
      step(DrillStep.PROVE, () -> prove(load, report));
      return report.getFirst();
    }
  }

  private String start() {
    site.start(plan.ready());
    return probe.awaitLeader(PATIENCE).name();
  }

  private String openAccounts(LoadPlan loadPlan) {
    PaymentLoad.openAccounts(loadPlan, client, PATIENCE);
    return loadPlan.openings().size() + " accounts";
  }

  private String pay(DrillStep step, PaymentLoad load) {
    load.start();
    watch(step, load, plan.calm());
    return load.plan().clients() + " clients";
  }

  private String kill(NodeProcess leader, PaymentLoad load) {
    mark("kill-leader", leader);
    leader.kill9();
    watch(DrillStep.KILL_LEADER, load, plan.dead());
    return leader.name()
        + " killed, "
        + probe.awaitLeaderOtherThan(leader.name(), PATIENCE).name()
        + " leads";
  }

  private String bringBack(NodeProcess node, PaymentLoad load) {
    long from = System.nanoTime();
    site.restart(node);
    probe.awaitCaughtUp(node, plan.ready());
    long tookMillis = (System.nanoTime() - from) / 1_000_000;
    watch(DrillStep.BRING_BACK, load, plan.calm());
    return "%s back after %,d ms".formatted(node.name(), tookMillis);
  }

  private String hang(NodeProcess leader, PaymentLoad load) {
    mark("hang-leader", leader);
    leader.hang();
    watch(DrillStep.HANG_LEADER, load, plan.hung());
    return leader.name()
        + " hung, "
        + probe.awaitLeaderOtherThan(leader.name(), PATIENCE).name()
        + " leads";
  }

  private String wake(NodeProcess node, PaymentLoad load) {
    node.resume();
    probe.awaitCaughtUp(node, plan.ready());
    watch(DrillStep.WAKE, load, plan.calm());
    return node.name() + " caught up";
  }

  private String handOver(PaymentLoad load) {
    NodeProcess leader = probe.awaitLeader(PATIENCE);
    mark("hand-over", leader);
    AdminClient.HandOver done = handOver(leader);
    watch(DrillStep.HAND_OVER, load, plan.calm());
    return "%s to %s in %,d ms".formatted(leader.name(), done.leader(), done.tookMs());
  }

  /**
   * Asks the leader; one that lost its role just before is no fault, then the next one is asked.
   */
  private AdminClient.HandOver handOver(NodeProcess leader) {
    Deadline end = Deadline.in(PATIENCE);
    NodeProcess asked = leader;
    while (true) {
      try {
        return new AdminClient(asked.address().admin()).handOver(null, PATIENCE);
      } catch (HoldfastException e) {
        if (!e.code().equals("not-leader") || end.passed()) {
          throw e;
        }
        asked = probe.awaitLeader(PATIENCE);
      }
    }
  }

  private static String stop(PaymentLoad load) {
    load.stop();
    return "%,d sent, %,d acknowledged".formatted(load.sent(), load.acknowledged());
  }

  private String prove(PaymentLoad load, List<DrillReport> report) {
    Proof proof = Proof.of(site, load, client);
    report.add(proof.report(load, faults(load)));
    return proof.words();
  }

  private List<DrillReport.Fault> faults(PaymentLoad load) {
    OutageMeter meter = new OutageMeter(load);
    List<DrillReport.Fault> faults = new ArrayList<>();
    for (int i = 0; i < marks.size(); i++) {
      Mark mark = marks.get(i);
      long until = i + 1 < marks.size() ? marks.get(i + 1).atNanos() : load.stoppedNanos();
      faults.add(
          new DrillReport.Fault(
              mark.kind(),
              mark.node(),
              meter.clientOutageMillis(mark.atNanos(), until),
              meter.serviceGapMillis(mark.atNanos(), until)));
    }
    return faults;
  }

  private void mark(String kind, NodeProcess node) {
    marks.add(new Mark(kind, node.name(), System.nanoTime()));
  }

  private void watch(DrillStep step, PaymentLoad load, Duration duration) {
    Deadline end = Deadline.in(duration);
    while (!end.passed()) {
      Duration tick = end.left().compareTo(TICK) < 0 ? end.left() : TICK;
      Deadline.letPass(tick);
      listener.paying(step, load.sent(), load.acknowledged());
    }
  }

  private void step(DrillStep step, Supplier<String> action) {
    listener.started(step);
    long from = System.nanoTime();
    String detail;
    try {
      detail = action.get();
    } catch (HoldfastException e) {
      throw new HoldfastException(
          e.code(),
          "the drill failed at '" + step.label() + "': " + e.message(),
          (e.hint().isEmpty() ? "" : e.hint() + "; ")
              + "the nodes' output is in "
              + site.directory()
              + "/n*/node.out",
          e);
    }
    listener.finished(step, Duration.ofNanos(System.nanoTime() - from), detail);
  }
}
