import type { Quarantine } from '../db/generated/prisma/client.ts';
import { type MergeRoute, mergeRoutes } from '../db/merge-routes.ts';
import { type Queryable, sql } from '../db/sql.ts';
import { endExpired, quarantinesOf } from './end-quarantines.ts';
import { holdQuarantines, type QuarantineStep, recordQuarantines } from './record-quarantines.ts';

/** The tests to look at, and what time it is. */
interface Merged {
  readonly organizationId: string;
  readonly testCaseIds: readonly string[];
  readonly now: Date;
}

/**
 * What a person decided about a test that was merged since holds for the test it was merged into, unless a person
 * decided about that one too. What the rule began ends: it judges the two as one. Again it changes nothing.
 */
export async function moveQuarantines(tx: Queryable, merged: Merged): Promise<void> {
  const { organizationId, testCaseIds, now } = merged;
  const routes = await mergeRoutes(
    tx,
    organizationId,
    sql`(SELECT test_case_id AS id FROM quarantines
      WHERE organization_id = ${organizationId}::uuid AND test_case_id = ANY (${testCaseIds}::text[])) said`,
  );
  if (routes.length === 0) return;

  const ids = [...new Set(routes.flatMap(({ alias, target }) => [alias, target]))];
  const known = await quarantinesOf(tx, organizationId, ids);
  await holdQuarantines(tx, organizationId, [
    ...new Set(known.map(({ repositoryId }) => repositoryId)),
  ]);
  const live = await endExpired(tx, organizationId, { testCaseIds: ids, now });
  await recordQuarantines(tx, organizationId, { steps: stepsOf(routes, live), now });
}

function stepsOf(routes: readonly MergeRoute[], live: readonly Quarantine[]): QuarantineStep[] {
  const targets = new Map(routes.map(({ alias, target }) => [alias, target]));
  const moved = live.filter(({ testCaseId }) => targets.has(testCaseId));
  const arrivals = new Map<string, Quarantine>();
  // The latest decision last, which stays.
  const decided = moved.filter(({ isAutomatic }) => !isAutomatic);
  for (const one of decided.sort((a, b) => a.since.getTime() - b.since.getTime())) {
    arrivals.set(targets.get(one.testCaseId) ?? one.testCaseId, one);
  }
  return [
    ...moved.map((before) => ({ change: 'REMOVED' as const, actor: null, before, after: null })),
    ...[...arrivals].flatMap(([testCaseId, one]) => {
      const before = live.find((each) => each.testCaseId === testCaseId) ?? null;
      if (before?.isAutomatic === false) return [];
      const change = before === null ? ('CREATED' as const) : ('CHANGED' as const);
      return [{ change, actor: one.actor, before, after: { ...one, testCaseId } }];
    }),
  ];
}
