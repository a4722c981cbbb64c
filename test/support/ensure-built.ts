import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { inject } from 'vitest';

const repository = fileURLToPath(new URL('../..', import.meta.url));
/** Any number: test files run at once, and one build is enough. */
const buildLock = 5_417_301;

/** Builds dist/ unless it is up to date. */
export async function ensureBuilt(): Promise<void> {
  const client = new pg.Client({ connectionString: inject('serverUrl') });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [buildLock]);
    const tsx = ['--import', 'tsx', 'scripts/build.ts', '--if-stale'];
    await promisify(execFile)(process.execPath, tsx, { cwd: repository }).catch(showOutput);
  } finally {
    await client.end();
  }
}

/** What the compiler says is on stdout, which the error leaves out. */
function showOutput(error: Error & { readonly stdout?: string }): never {
  throw new Error(`${error.stdout ?? ''}\n${error.message}`, { cause: error });
}
