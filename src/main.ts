#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { createProgram } from './cli/program.ts';
import { loadConfig } from './config.ts';
import { DomainError } from './errors.ts';
import { OperatorError } from './operator-error.ts';
import { listenForStop } from './stop-signal.ts';

try {
  await createProgram({
    serve: async (whenReady) => {
      const config = loadConfig();
      // V8 lets garbage double the heap before it looks: an upload of 100 MB grew the process by 350 MB.
      setFlagsFromString('--heap-growing-percent=20');
      const stop = listenForStop();
      // Loaded late: other commands, and a bad variable, need not wait for the whole gateway.
      const { serve } = await import('./serve.ts');
      await serve({ config, stop, whenReady });
    },
  }).parseAsync();
} catch (error) {
  // What a person can mend is one line; a bug shows where it is.
  const isMendable = error instanceof OperatorError || error instanceof DomainError;
  console.error(isMendable ? `buildatlas: ${error.message}` : error);
  process.exitCode = 1;
}
