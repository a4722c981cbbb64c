import { ValidationError } from '../errors.ts';

/**
 * Gives a time zone back.
 *
 * @throws {ValidationError} unless it is `UTC` or a name of a place, e.g. `Europe/Berlin`
 */
export function requireTimeZone(timeZone: string): string {
  // Short names (`IST`, `CST`) and offsets such as `+02:00` mean other zones to Postgres than elsewhere.
  const isPlace = /^[A-Za-z]+\/[A-Za-z0-9_+/-]+$/.test(timeZone);
  if (timeZone === 'UTC' || (isPlace && isKnown(timeZone))) return timeZone;
  throw notATimeZone();
}

function isKnown(timeZone: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The error of Postgres for a zone that it does not know, in the words of ours; null for any other. */
export function asTimeZoneRefusal(error: unknown): ValidationError | null {
  if (!(error instanceof Error) || !('code' in error) || error.code !== '22023') return null;
  // The function of Postgres that refuses: its messages are in the language of the server.
  const isOfZones = 'routine' in error && /zone/i.test(String(error.routine));
  return isOfZones ? notATimeZone() : null;
}

function notATimeZone(): ValidationError {
  const message = 'is not a time zone: give `UTC` or a name such as `Europe/Berlin`';
  return new ValidationError([{ path: ['timeZone'], message }]);
}
