#!/usr/bin/env node
import { createProgram } from './cli/program.ts';
import { DomainError } from './errors.ts';
import { OperatorError } from './operator-error.ts';
import { serve } from './serve.ts';

try {
  await createProgram({ serve }).parseAsync();
} catch (error) {
  // What a person can mend is one line; a bug shows where it is.
  const isMendable = error instanceof OperatorError || error instanceof DomainError;
  console.error(isMendable ? `buildatlas: ${error.message}` : error);
  process.exitCode = 1;
}
