import { randomUUID } from 'node:crypto';
import { accessSync, constants, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../error-code.ts';
import { OperatorError } from '../operator-error.ts';

const LONGEST_UPLOAD_MS = 24 * 60 * 60 * 1000;

/**
 * Makes this spool's own directory below one that several gateways may share, and removes what dead ones left there:
 * directories of processes of this host that have ended, and all that was not touched for a day.
 *
 * @throws {OperatorError} when the directory cannot be written
 */
export function openSpoolDir(dir: string): string {
  const ownDir = join(dir, `${hostOfThis()}.${process.pid}.${randomUUID()}`);
  try {
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.W_OK);
    for (const name of readdirSync(dir)) removeLeftover(dir, name);
    mkdirSync(ownDir, { mode: 0o700 });
  } catch (error) {
    const reason = errorCode(error);
    if (reason === '') throw error;
    throw new OperatorError(`Uploads cannot be written to ${dir} (${reason}).`);
  }
  return ownDir;
}

function removeLeftover(dir: string, name: string): void {
  const path = join(dir, name);
  const changedAtMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  // Another gateway that starts now may have been faster.
  if (changedAtMs == null || !isLeftover(name, changedAtMs)) return;
  rmSync(path, { recursive: true, force: true });
}

function isLeftover(name: string, changedAtMs: number): boolean {
  if (changedAtMs < Date.now() - LONGEST_UPLOAD_MS) return true;
  const [host, pid, ...rest] = name.split('.');
  if (host !== hostOfThis() || rest.length !== 1) return false;
  return !isRunning(Number(pid), changedAtMs);
}

/** In a container every gateway is process 1: what lies there from before our start is of the last one. */
function isRunning(pid: number, changedAtMs: number): boolean {
  const startedAtMs = Date.now() - process.uptime() * 1000;
  if (pid === process.pid) return changedAtMs >= Math.floor(startedAtMs);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}

function hostOfThis(): string {
  return hostname().replace(/[^\w-]/g, '_');
}
