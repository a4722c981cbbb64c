import { BuildStatus, StageStatus } from '../../db/generated/prisma/enums.ts';

const buildWords: Readonly<Record<string, BuildStatus>> = {
  ...BuildStatus,
  CANCELLED: 'ABORTED',
  CANCELED: 'ABORTED',
  SKIPPED: 'NOT_BUILT',
};

const stageWords: Readonly<Record<string, StageStatus>> = {
  ...StageStatus,
  CANCELLED: 'ABORTED',
  CANCELED: 'ABORTED',
  NOT_BUILT: 'SKIPPED',
};

/** Gives the status of a build for the word a client uses, in any letter case (Contract: buildbutler.md 7.8). */
export function toBuildStatus(word: string): { status: BuildStatus; statusRaw: string } {
  return { status: lookUp(buildWords, word) ?? 'OTHER', statusRaw: word.slice(0, 64) };
}

/** Gives the status of a stage for the word a client uses, in any letter case (Contract: buildbutler.md 7.8). */
export function toStageStatus(word: string): { status: StageStatus; statusRaw: string } {
  return { status: lookUp(stageWords, word) ?? 'OTHER', statusRaw: word.slice(0, 64) };
}

function lookUp<Status>(words: Readonly<Record<string, Status>>, word: string): Status | undefined {
  const known = word
    .trim()
    .toUpperCase()
    .replaceAll(/[\s-]+/g, '_');
  return Object.hasOwn(words, known) ? words[known] : undefined;
}
