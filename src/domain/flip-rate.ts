/**
 * Gives the share of neighbouring results of which one passed and the other failed: flips over possible flips; null
 * with fewer than two results (Kowalczyk et al., ICSE-SEIP 2020).
 */
export function flipRate(transitions: number, results: number): number | null {
  return results < 2 ? null : transitions / (results - 1);
}
