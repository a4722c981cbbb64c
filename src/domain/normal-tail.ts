/** Beyond this the continued fraction is exact, below it the series. */
const seriesUpTo = 3;
const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/**
 * Gives the probability that a standard normal variable exceeds `z`, relative error about 1e-13 (Abramowitz and Stegun
 * 26.2.11 and 26.2.14).
 */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const density = Math.exp(-0.5 * z * z - halfLogTwoPi);
  return z < seriesUpTo ? 0.5 - density * series(z) : density * fraction(z);
}

/** z + z³/3 + z⁵/(3 · 5) + … */
function series(z: number): number {
  let term = z;
  let sum = z;
  for (let odd = 3; term > sum * 1e-17; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return sum;
}

/** 1/(z + 1/(z + 2/(z + …))), from far below up. */
function fraction(z: number): number {
  let value = z;
  for (let term = 200; term >= 1; term -= 1) value = z + term / value;
  return 1 / value;
}
