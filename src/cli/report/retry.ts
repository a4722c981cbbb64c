import { setTimeout as sleep } from 'node:timers/promises';
import { GraphQLRequestError } from '../../client/request-error.ts';
import { errorCode } from '../../error-code.ts';

/** The gateway answered that it cannot now: 429 or 5xx. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
  readonly status: number;
  /** How long it asks to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, retryAfterMs: number | undefined, message = 'try again later') {
    super(message);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface RetryOptions {
  /** How often at most, after the first time. */
  readonly retries: number;
  /** Milliseconds since 1970 after which nothing is tried again. */
  readonly deadline: number;
  /** Is told why it tries again, and after how long. */
  readonly onRetry: (error: unknown, waitMs: number) => void;
  /** From 0 to 1; spreads many reporters that failed at once. */
  readonly random: () => number;
}

const firstWaitMs = 500;
const longestWaitMs = 20_000;

/**
 * Tries until it works, waiting longer each time; only again what may work then: a connection that failed, a request
 * that took too long, 429 and 5xx.
 *
 * @throws the last error
 */
export async function withRetries<Result>(
  attempt: () => Promise<Result>,
  { retries, deadline, onRetry, random }: RetryOptions,
): Promise<Result> {
  for (let count = 0; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      const waitMs = waitOf(error, count, random());
      if (count >= retries || !mayPass(error) || Date.now() + waitMs > deadline) throw error;
      onRetry(error, waitMs);
      await sleep(waitMs);
    }
  }
}

/** Whether the same request may work a little later. */
function mayPass(error: unknown): boolean {
  if (error instanceof GraphQLRequestError) {
    return error.errors.some(({ extensions }) => extensions?.['code'] === 'INTERNAL_SERVER_ERROR');
  }
  return error instanceof BusyError || isConnectionError(error);
}

/** `fetch` says with a TypeError that a connection failed or broke; what it refuses to do itself has no code. */
export function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error instanceof TypeError && errorCode(error.cause) !== '') || isTimeout(error);
}

/** A request took too long, or all of them together. */
export function isTimeout(error: Error): boolean {
  return error.name === 'TimeoutError';
}

function waitOf(error: unknown, count: number, random: number): number {
  const backoffMs = Math.min(longestWaitMs, firstWaitMs * 2 ** count) * (0.5 + random / 2);
  const askedMs = error instanceof BusyError ? error.retryAfterMs : undefined;
  return Math.max(backoffMs, askedMs ?? 0);
}

/** Reads `Retry-After`: seconds, or a date. */
export function retryAfterMs(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}
