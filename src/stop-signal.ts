import { constants } from 'node:os';

/**
 * Waits for SIGTERM or SIGINT; gives the first. A second one calls `exitNow` and ends the process at
 * once, with the exit code that shells give to a death by that signal.
 */
export async function stopSignal(exitNow: () => void): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const hear = (signal: NodeJS.Signals): void => {
      if (firstAt === undefined) {
        firstAt = performance.now();
        resolve(signal);
        return;
      }
      // npm hands on the Ctrl-C that the terminal has sent to us as well.
      if (performance.now() - firstAt < echoMs) return;
      exitNow();
      process.exit(128 + constants.signals[signal]);
    };
    process.on('SIGTERM', hear).on('SIGINT', hear);
  });
}

const echoMs = 100;
