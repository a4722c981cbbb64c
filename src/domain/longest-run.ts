/** Longer runs count as 35 days in totals, the longest that a build lasts: no sum leaves 64 bits. In milliseconds. */
export const longestRunMs = 35 * 86_400_000;
