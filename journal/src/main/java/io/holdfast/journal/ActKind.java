package io.holdfast.journal;

/**
 * What kind of act the site's log records. The label is what is stored and shown, so that an older
 * version still shows the kinds of a newer one.
 */
public enum ActKind {
  NODE_STARTED("node-started"),
  NODE_STOPPED("node-stopped"),
  /** The node stopped itself, or could not start. */
  NODE_HALTED("node-halted"),
  LEADERSHIP_GAINED("leadership-gained"),
  LEADERSHIP_LOST("leadership-lost"),
  /** Somebody told a node to do something. */
  OPERATOR_ACT("operator-act"),
  INCIDENT_BEGAN("incident-began"),
  INCIDENT_ENDED("incident-ended"),
  DRILL("drill"),
  CANARY("canary"),
  DAMAGE_FOUND("damage-found"),
  DAMAGE_REPAIRED("damage-repaired"),
  MEMBERSHIP_CHANGED("membership-changed"),
  CERTIFICATE_RENEWED("certificate-renewed"),
  BACKUP_TAKEN("backup-taken"),
  BACKUP_FAILED("backup-failed"),
  /** The log itself: what a crash left unfinished at its end was cut off. */
  LOG_CUT("log-cut"),
  /** The log itself: acts came while it could not be written, more than could wait. */
  ACTS_DROPPED("acts-dropped");

  private final String label;

  ActKind(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
