import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { waitingOrganizations } from '../engine/waiting-organizations.ts';
import { type Engine, runPass } from '../engine/run-pass.ts';

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
  const passes = passesInTurn(engine, log);

  const done = (async () => {
    while (!signal.aborted) {
      try {
        if (!(await passes(signal))) await pause(pollMs);
      } catch (err) {
        log.error({ err }, 'analytics: what is new cannot be looked for; trying again');
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

/**
 * Runs one pass for each organization that waits, so that none waits for another's flood; gives whether there may be
 * more. One whose pass fails rests for ten seconds, while the others go on.
 */
function passesInTurn(engine: Engine, log: Logger): (signal: AbortSignal) => Promise<boolean> {
  const restsUntil = new Map<string, number>();

  return async (signal) => {
    let isMore = false;
    for (const organizationId of await waitingOrganizations(engine)) {
      if (signal.aborted) return false;
      if ((restsUntil.get(organizationId) ?? 0) > performance.now()) continue;
      restsUntil.delete(organizationId);
      try {
        isMore = (await runPass(engine, organizationId)) || isMore;
      } catch (err) {
        log.error({ err, organizationId }, 'analytics: a pass failed and is tried again');
        restsUntil.set(organizationId, performance.now() + patienceMs);
      }
    }
    return isMore;
  };
}
