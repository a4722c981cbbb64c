import type { Database } from '../db/client.ts';
import { inSnapshot, type Queryable } from '../db/sql.ts';
import { guardResults } from './guard-results.ts';
import { judgeTests, type Transition } from './judge-tests.ts';
import { rollUpBuilds } from './roll-up-builds.ts';
import { rollUpDays, rollUpResults, rollUpTestCases } from './roll-up-results.ts';
import { rollUpStages } from './roll-up-stages.ts';
import { dropEvents, type Taken, takeEvents } from './take-events.ts';
import { touchedStates } from './touched-states.ts';
import { writeEvidence } from './write-evidence.ts';

export interface Judged {
  readonly organizationId: string;
  readonly testCaseIds: readonly string[];
  readonly transitions: readonly Transition[];
  readonly now: Date;
}

export interface Engine {
  readonly db: Pick<Database, 'pool'>;
  readonly now: () => Date;
  /** Told which tests were judged and what changed, in the transaction of the pass. */
  readonly onJudged: (tx: Queryable, judged: Judged) => Promise<void>;
}

/**
 * Takes the oldest events of an organization into its analytics, once: the events go with what follows from them, in
 * one transaction over one snapshot. Gives whether there may be more.
 */
export async function runPass(engine: Engine, organizationId: string): Promise<boolean> {
  return inAnalytics(engine, organizationId, async (tx) => {
    const taken = await takeEvents(tx, organizationId);
    if (taken.ids.length === 0) return false;
    await takeIn(tx, engine, taken);
    await dropEvents(tx, taken);
    return taken.hasMore;
  });
}

async function takeIn(tx: Queryable, engine: Engine, taken: Taken): Promise<void> {
  const { organizationId } = taken;
  await rollUpResults(tx, taken);
  await rollUpTestCases(tx, taken);
  await rollUpDays(tx, taken);
  await rollUpBuilds(tx, taken);
  await rollUpStages(tx, taken);

  const guardChanges = await guardResults(tx, taken);
  const touched = await touchedStates(tx, taken, guardChanges);
  await writeEvidence(tx, organizationId, touched.states);
  const testCaseIds = [
    ...new Set([
      ...taken.testCaseIds,
      ...touched.testCaseIds,
      ...touched.states.map(({ testCaseId }) => testCaseId),
    ]),
  ].sort();
  await judgeAndTell(tx, engine, organizationId, testCaseIds);
}

/** Judges tests, and tells of it. */
export async function judgeAndTell(
  tx: Queryable,
  engine: Engine,
  organizationId: string,
  testCaseIds: readonly string[],
): Promise<void> {
  if (testCaseIds.length === 0) return;
  const now = engine.now();
  const transitions = await judgeTests(tx, organizationId, testCaseIds, now);
  await engine.onJudged(tx, { organizationId, testCaseIds, transitions, now });
}

/** Runs `work` in one transaction over one snapshot, while nobody else writes the analytics of the organization. */
export function inAnalytics<Result>(
  { db }: Engine,
  organizationId: string,
  work: (tx: Queryable) => Promise<Result>,
): Promise<Result> {
  return inSnapshot(db.pool, `analytics ${organizationId}`, work);
}
