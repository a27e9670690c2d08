package io.holdfast.cluster;

import io.holdfast.ledger.DetailsPeriod;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/**
 * How long one key seals the details that come; its end is that of the day, month or year in UTC.
 */
public enum PeriodLength {
  DAY,
  MONTH,
  YEAR;

  /** The period that a moment lies in. */
  DetailsPeriod of(long wallNanos) {
    Instant moment = Instant.ofEpochSecond(TimeUnit.NANOSECONDS.toSeconds(wallNanos));
    LocalDate date = LocalDate.ofInstant(moment, ZoneOffset.UTC);
    int month = date.getYear() * 100 + date.getMonthValue();
    return new DetailsPeriod(
        switch (this) {
          case YEAR -> date.getYear();
          case MONTH -> month;
          case DAY -> month * 100 + date.getDayOfMonth();
        });
  }
}
