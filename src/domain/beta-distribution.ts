import { stirlingRemainder } from './log-gamma.ts';

const mostTerms = 100_000;
const mostSteps = 200;
const smallest = 1e-300;

/**
 * Gives the probability that a Beta(a, b) variable is at most `x`: the regularised incomplete beta function, by
 * Lentz' continued fraction (DiDonato and Morris, ACM TOMS 708, 1992), relative error about 1e-12.
 *
 * @throws {RangeError} unless a and b are above 0
 */
export function betaCdf(x: number, a: number, b: number): number {
  requireShape(a, b);
  if (!(x > 0)) return 0;
  if (x >= 1) return 1;
  // Beyond the mean the fraction converges slowly; the other tail is the short way.
  return x > (a + 1) / (a + b + 2)
    ? 1 - lowerTail({ x: 1 - x, complement: x, a: b, b: a })
    : lowerTail({ x, complement: 1 - x, a, b });
}

/**
 * Gives the value that a Beta(a, b) variable does not exceed with probability `p`, relative error below 1e-9: Newton's
 * steps on log probability over log value, which is almost a line in the lower tail, kept in a shrinking bracket.
 *
 * @throws {RangeError} unless a and b are above 0 and p is from 0 to 1
 */
export function betaQuantile(p: number, a: number, b: number): number {
  requireShape(a, b);
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a probability is from 0 to 1, not ${String(p)}`);
  if (p === 0 || p === 1) return p;
  let low = Math.log(smallest);
  let high = 0;
  let at = Math.log(a / (a + b));
  for (let step = 0; step < mostSteps; step += 1) {
    const x = Math.exp(at);
    const reached = betaCdf(x, a, b);
    if (reached < p) low = at;
    else high = at;
    const slope = (density(x, 1 - x, a, b) * x) / reached;
    const next = at - (Math.log(reached) - Math.log(p)) / slope;
    const inside = next > low && next < high ? next : (low + high) / 2;
    if (Math.abs(inside - at) < 1e-13 || high - low < 1e-13) return Math.exp(inside);
    at = inside;
  }
  return Math.exp(at);
}

interface Tail {
  readonly x: number;
  /** 1 - x, told apart: it may be far smaller than the error of that difference. */
  readonly complement: number;
  readonly a: number;
  readonly b: number;
}

function lowerTail({ x, complement, a, b }: Tail): number {
  return (density(x, complement, a, b) * x * complement) / a / fraction(x, a, b);
}

/** The density, written around its mode, so that no large logarithms cancel. */
function density(x: number, complement: number, a: number, b: number): number {
  const total = a + b;
  const exponent =
    a * Math.log((x / a) * total) +
    b * Math.log((complement / b) * total) +
    stirlingRemainder(total) -
    stirlingRemainder(a) -
    stirlingRemainder(b);
  return (Math.sqrt(((a / total) * b) / (2 * Math.PI)) * Math.exp(exponent)) / x / complement;
}

/** 1 + d1 / (1 + d2 / (1 + …)), from its first term on. */
function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 0;
  let value = 1;
  for (let term = 1; term <= mostTerms; term += 1) {
    const coefficient = term % 2 === 0 ? even(term / 2, x, a, b) : odd((term - 1) / 2, x, a, b);
    d = 1 / awayFromZero(1 + coefficient * d);
    c = awayFromZero(1 + coefficient / c);
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) return value;
  }
  throw new RangeError(`the beta distribution of ${String(a)}, ${String(b)} does not converge`);
}

function even(m: number, x: number, a: number, b: number): number {
  return (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
}

function odd(m: number, x: number, a: number, b: number): number {
  return (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
}

function awayFromZero(value: number): number {
  return Math.abs(value) < smallest ? smallest : value;
}

function requireShape(a: number, b: number): void {
  if (a > 0 && b > 0 && Number.isFinite(a + b)) return;
  throw new RangeError(`a beta distribution needs shapes above 0, not ${String(a)}, ${String(b)}`);
}
