/** The rule by which tests go into quarantine by themselves (Contract: buildpulse.md 6, "Quarantine"). */
export const quarantineRule = {
  /** Results that a test needs before its share of disruptions says something. Fixed. */
  leastResults: 10,
  /** UTC days over which results and disruptions are counted, today included. */
  countedDays: 14,
  /** Days without a disruption after which a quarantine that the rule no longer asks for ends. */
  cleanDays: 7,
} as const;
