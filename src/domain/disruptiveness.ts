/**
 * Gives the share of results that are failures which were no fault of the code; null without results (Contract:
 * buildpulse.md 6).
 *
 * @param disruptions failures on a code state, or in a run, in which the test passed as well
 * @param results results that passed or failed
 */
export function disruptiveness(disruptions: number, results: number): number | null {
  return results === 0 ? null : disruptions / results;
}
