/**
 * Gives p-values adjusted for how many there are, in the order given: those up to 0.05 are a set of which 5 % are false
 * discoveries on average (Benjamini and Hochberg, JRSS B 57, 1995).
 *
 * @param familySize how many hypotheses there are, also such as were not worth a test: those count as a p-value of 1
 */
export function benjaminiHochberg(
  pValues: readonly number[],
  familySize: number = pValues.length,
): number[] {
  const descending = pValues.map((p, index) => ({ p, index })).sort((a, b) => b.p - a.p);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let smallest = 1;
  descending.forEach(({ p, index }, place) => {
    smallest = Math.min(smallest, p * (familySize / (pValues.length - place)));
    adjusted[index] = smallest;
  });
  return adjusted;
}
