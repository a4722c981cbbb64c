import { hash } from 'node:crypto';

/**
 * Gives 24 hex digits like a MongoDB ObjectID: four bytes of Unix time in seconds, then eight bytes of
 * a hash of the identity. Ids sort by time, and the same thing has the same id whoever computes it
 * (Contract: buildpulse.md 3.6).
 *
 * @param at between 1970 and 2106
 */
export function objectId(at: Date, identity: readonly string[]): string {
  const seconds = Math.floor(at.getTime() / 1000);
  return seconds.toString(16).padStart(8, '0') + digest(identity, 16);
}

/** Gives 24 hex digits made of the identity alone, for things that have no time. */
export function hashId(identity: readonly string[]): string {
  return digest(identity, 24);
}

/** Gives a UUID (version 8: its bits are a hash) made of the identity. */
export function hashUuid(identity: readonly string[]): string {
  const hex = digest(identity, 32);
  const variant = '89ab'.charAt(Number.parseInt(hex.slice(16, 17), 16) % 4);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** Whether a UUID is one that `hashUuid` makes, and no random one. */
export function isHashUuid(uuid: string): boolean {
  return uuid.charAt(14) === '8';
}

/** The second in which the thing named by an `objectId` was recorded. */
export function recordedSecond(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8), 16) * 1000);
}

/** Lengths keep `['ab', 'c']` and `['a', 'bc']` apart. */
function digest(identity: readonly string[], hexDigits: number): string {
  const text = identity.map((part) => `${String(part.length)}:${part}`).join('');
  return hash('sha256', text, 'hex').slice(0, hexDigits);
}
