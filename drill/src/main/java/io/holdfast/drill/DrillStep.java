package io.holdfast.drill;

/** The parts of a drill, in order. */
public enum DrillStep {
  START("start the nodes"),
  OPEN_ACCOUNTS("open accounts"),
  PAY("pay"),
  KILL_LEADER("kill -9 the leader"),
  BRING_BACK("bring the dead node back"),
  HANG_LEADER("hang the new leader (SIGSTOP)"),
  WAKE("wake it (SIGCONT)"),
  HAND_OVER("planned leader change"),
  STOP_LOAD("stop paying"),
  PROVE("prove");

  private final String label;

  DrillStep(String label) {
    this.label = label;
  }

  /** In the words of an operator. */
  public String label() {
    return label;
  }
}
