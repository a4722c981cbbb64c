import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { analyse } from '../engine/analyse.ts';
import type { Engine } from '../engine/run-pass.ts';

const pollMs = 500;
const patienceMs = 10_000;

/**
 * Takes in what is new until it is stopped, at most half a second after it was stored. Asks Postgres rather than being
 * told: a word for each request would make requests wait for each other.
 */
export function runAnalytics(engine: Engine, log: Logger): { readonly stop: () => Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const pause = (ms: number): Promise<void> =>
    sleep(ms, undefined, { signal }).catch(() => undefined);

  const done = (async () => {
    while (!signal.aborted) {
      try {
        await analyse(engine);
        await pause(pollMs);
      } catch (err) {
        log.error({ err }, 'analytics: a pass failed and is tried again');
        await pause(patienceMs);
      }
    }
  })();

  return {
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}
