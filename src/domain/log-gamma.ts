/** Coefficients of Stirling's series, B(2k) / (2k (2k - 1)). */
const series = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156];
const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/**
 * Gives what Stirling's formula lacks: ln Γ(z) − ((z − ½) ln z − z + ½ ln 2π), for z above 0, absolute error about
 * 1e-15. Large logarithms that cancel are left out of it.
 */
export function stirlingRemainder(z: number): number {
  if (z >= 15) {
    const square = 1 / (z * z);
    return series.reduceRight((sum, coefficient) => sum * square + coefficient, 0) / z;
  }
  // Γ(z) = Γ(z + 1) / z, until the series is exact.
  let product = 1;
  let above = z;
  for (; above < 15; above += 1) product *= above;
  return logGamma(above) - Math.log(product) - stirling(z);
}

/** Gives ln Γ(z) for z above 0, relative error about 1e-15. */
export function logGamma(z: number): number {
  return stirling(z) + stirlingRemainder(z);
}

function stirling(z: number): number {
  return (z - 0.5) * Math.log(z) - z + halfLogTwoPi;
}
