import { ValidationError } from '../errors.ts';

const dayMs = 86_400_000;

/** A clock may run ahead of ours, but not by more than a day. */
export function isInFuture(now: Date, at: Date): boolean {
  return at.getTime() > now.getTime() + dayMs;
}

/** @throws {ValidationError} if the instant is more than a day ahead */
export function notInFuture(now: Date, path: readonly string[], at: Date | null | undefined): void {
  if (at == null || !isInFuture(now, at)) return;
  throw new ValidationError([{ path, message: 'is more than a day in the future' }]);
}
