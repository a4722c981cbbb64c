import { createHash } from 'node:crypto';

/** A source of numbers that a seed decides entirely. */
export interface Random {
  /** A number from 0 up to, not including, 1. */
  next(): number;
  chance(probability: number): boolean;
  /** A whole number from `from` to `to`, both included. */
  integer(from: number, to: number): number;
  /** One of the items. There must be one. */
  pick<Item>(items: readonly Item[]): Item;
  /** A positive number that is below the median half of the time, and sometimes far above. */
  logNormal(median: number, spread: number): number;
}

/** Makes a source of numbers: the same seed gives the same numbers on every machine (sfc32). */
export function createRandom(seed: string): Random {
  const digest = createHash('sha256').update(seed).digest();
  let [a, b, c, d] = [0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)) as [
    number,
    number,
    number,
    number,
  ];

  function next(): number {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  }

  function pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(next() * items.length)];
    if (item === undefined) throw new RangeError('there is nothing to pick from');
    return item;
  }

  return {
    next,
    pick,
    chance: (probability) => next() < probability,
    integer: (from, to) => from + Math.floor(next() * (to - from + 1)),
    logNormal: (median, spread) => median * Math.exp(spread * normal(next(), next())),
  };
}

/** Box–Muller: two even numbers make one normal. */
function normal(first: number, second: number): number {
  return Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
}

/** Gives a UUID that belongs to the label. */
export function uuidOf(label: string): string {
  const digits = createHash('sha256').update(label).digest('hex');
  const variant = '89ab'.charAt(Number.parseInt(digits.charAt(16), 16) % 4);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-');
}

/** Gives 40 hex digits that belong to the label, as Git would name an object. */
export function shaOf(label: string): string {
  return createHash('sha1').update(label).digest('hex');
}
