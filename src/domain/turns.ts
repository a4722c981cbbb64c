import { setImmediate as nextTurn } from 'node:timers/promises';

const turnMs = 20;

/** Gives what lets others have their turn whenever 20 ms have gone by: for work that would hold up all requests. */
export function createTurns(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < turnMs) return;
    await nextTurn();
    since = performance.now();
  };
}
