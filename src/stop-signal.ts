import { constants } from 'node:os';

export interface StopSignal {
  /** The first SIGTERM or SIGINT. */
  readonly first: Promise<NodeJS.Signals>;
  /** What a second one does before the process ends at once. */
  readonly beforeExit: (work: () => void) => void;
}

const echoMs = 100;

/**
 * Listens for SIGTERM and SIGINT. A second one ends the process at once, with the exit code that
 * shells give to a death by that signal.
 */
export function listenForStop(): StopSignal {
  let firstAt: number | undefined;
  let lastWork = (): void => undefined;
  const first = new Promise<NodeJS.Signals>((resolve) => {
    const hear = (signal: NodeJS.Signals): void => {
      if (firstAt === undefined) {
        firstAt = performance.now();
        resolve(signal);
        return;
      }
      // npm and timeout(1) hand on a signal that their whole group has got already.
      if (performance.now() - firstAt < echoMs) return;
      lastWork();
      process.exit(128 + constants.signals[signal]);
    };
    process.on('SIGTERM', hear).on('SIGINT', hear);
  });

  return {
    first,
    beforeExit: (work) => {
      lastWork = work;
    },
  };
}
