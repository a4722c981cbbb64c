import type { BuildStatus, StageStatus } from '../../client/generated/graphql.ts';

type Common = Exclude<BuildStatus, 'NOT_BUILT'>;

/** What CIs call the end of a job, in `--status` and in their variables. */
const words: Readonly<Record<string, Common>> = {
  success: 'SUCCESS',
  succeeded: 'SUCCESS',
  successful: 'SUCCESS',
  passed: 'SUCCESS',
  failure: 'FAILURE',
  failed: 'FAILURE',
  error: 'FAILURE',
  timed_out: 'FAILURE',
  unstable: 'UNSTABLE',
  succeededwithissues: 'UNSTABLE',
  partiallysucceeded: 'UNSTABLE',
  aborted: 'ABORTED',
  cancelled: 'ABORTED',
  canceled: 'ABORTED',
  stopped: 'ABORTED',
  in_progress: 'IN_PROGRESS',
  running: 'IN_PROGRESS',
};

const skipped = new Set(['skipped', 'not_built']);

/** Gives the status of a build for a CI's word or an exit code, in any letter case; a word it does not know is OTHER. */
export function toBuildStatus(word: string): BuildStatus {
  return skipped.has(word.toLowerCase()) ? 'NOT_BUILT' : toStatus(word);
}

/** Like `toBuildStatus`, for a stage. */
export function toStageStatus(word: string): StageStatus {
  return skipped.has(word.toLowerCase()) ? 'SKIPPED' : toStatus(word);
}

/** Whether nothing more comes after the status. */
export function isEnd(status: BuildStatus | StageStatus): boolean {
  return status !== 'QUEUED' && status !== 'IN_PROGRESS';
}

function toStatus(word: string): Common {
  if (/^-?\d+$/.test(word)) return Number(word) === 0 ? 'SUCCESS' : 'FAILURE';
  const known = word.toLowerCase();
  return (Object.hasOwn(words, known) ? words[known] : undefined) ?? 'OTHER'; // not `constructor`
}
