import { randomUUID } from 'node:crypto';
import type { FlakyState, TransitionRule } from '../db/generated/prisma/enums.ts';
import { type Queryable, query, sql } from '../db/sql.ts';
import { toRecords } from '../db/upsert.ts';
import { judgeTest, type Verdict } from '../domain/flaky-state.ts';
import { type KnownTest, knownTests } from './test-facts.ts';

/** A change of a test's state. */
export interface Transition {
  readonly organizationId: string;
  readonly id: string;
  readonly testCaseId: string;
  readonly repositoryId: string;
  readonly at: Date;
  readonly since: Date;
  readonly before: FlakyState;
  readonly after: FlakyState;
  readonly rule: TransitionRule;
  readonly actor: string | null;
  readonly evidenceKey: string | null;
}

const mostAtOnce = 1_000;

/** Judges tests by what is stored of them, keeps `flaky_tests`, and logs what changed. Gives the changes. */
export async function judgeTests(
  tx: Queryable,
  organizationId: string,
  testCaseIds: readonly string[],
  now: Date,
): Promise<Transition[]> {
  const transitions: Transition[] = [];
  for (let start = 0; start < testCaseIds.length; start += mostAtOnce) {
    const ids = testCaseIds.slice(start, start + mostAtOnce);
    transitions.push(...(await judge(tx, organizationId, ids, now)));
  }
  return transitions;
}

interface Judged {
  readonly test: KnownTest;
  readonly verdict: Verdict;
}

async function judge(
  tx: Queryable,
  organizationId: string,
  testCaseIds: readonly string[],
  now: Date,
): Promise<Transition[]> {
  const known = await knownTests(tx, organizationId, testCaseIds, now);
  const judged = known.map((test) => ({
    test,
    verdict: judgeTest(test.facts, test.thresholds, now),
  }));
  await write(tx, organizationId, judged);
  const transitions = judged.flatMap((each) => transitionOf(organizationId, each, now));
  if (transitions.length === 0) return [];
  await query(
    tx,
    sql`INSERT INTO flaky_transitions (organization_id, id, test_case_id, repository_id, at, since, before, after, rule,
        actor, evidence_key)
      SELECT organization_id, id, test_case_id, repository_id, at, since, before, after, rule, actor, evidence_key
      FROM json_populate_recordset(NULL::flaky_transitions, ${toRecords(transitions)}::json)`,
  );
  return transitions;
}

/** Its row stays while the test has evidence, is not HEALTHY, or disrupts builds. */
function isKept({ test, verdict }: Judged): boolean {
  return test.evidenceCount > 0 || verdict.state !== 'HEALTHY' || verdict.disruptorType !== null;
}

async function write(
  tx: Queryable,
  organizationId: string,
  judged: readonly Judged[],
): Promise<void> {
  const gone = judged.filter((each) => !isKept(each) && each.test.state !== null);
  if (gone.length > 0) {
    await query(
      tx,
      sql`DELETE FROM flaky_tests WHERE organization_id = ${organizationId}::uuid
        AND test_case_id = ANY (${gone.map(({ test }) => test.testCaseId)}::text[])`,
    );
  }
  const rows = judged.filter(isKept).map(({ test, verdict }) => {
    const firstEvidenceAt = test.firstAt ?? verdict.since;
    return {
      testCaseId: test.testCaseId,
      repositoryId: test.repositoryId,
      state: verdict.state,
      stateSince: verdict.since ?? firstEvidenceAt,
      disruptorType: verdict.disruptorType,
      evidenceCount: test.evidenceCount,
      firstEvidenceAt,
      lastEvidenceAt: test.lastAt ?? firstEvidenceAt,
      recheckAt: verdict.recheckAt,
    };
  });
  if (rows.length === 0) return;
  await query(
    tx,
    sql`INSERT INTO flaky_tests AS t (organization_id, test_case_id, repository_id, state, state_since, disruptor_type,
        evidence_count, first_evidence_at, last_evidence_at, recheck_at)
      SELECT ${organizationId}::uuid, test_case_id, repository_id, state, state_since, disruptor_type, evidence_count,
        first_evidence_at, last_evidence_at, recheck_at
      FROM json_populate_recordset(NULL::flaky_tests, ${toRecords(rows)}::json) ORDER BY test_case_id
      ON CONFLICT (organization_id, test_case_id) DO UPDATE SET state = EXCLUDED.state,
        state_since = EXCLUDED.state_since, disruptor_type = EXCLUDED.disruptor_type,
        evidence_count = EXCLUDED.evidence_count, first_evidence_at = EXCLUDED.first_evidence_at,
        last_evidence_at = EXCLUDED.last_evidence_at, recheck_at = EXCLUDED.recheck_at`,
  );
}

function transitionOf(organizationId: string, { test, verdict }: Judged, now: Date): Transition[] {
  const before = test.state ?? 'HEALTHY';
  if (before === verdict.state) return [];
  const { testCaseId, repositoryId, firstAt } = test;
  return [
    {
      organizationId,
      id: randomUUID(),
      testCaseId,
      repositoryId,
      at: now,
      since: verdict.since ?? firstAt ?? now,
      before,
      after: verdict.state,
      rule: ruleOf(before, test, verdict),
      actor: verdict.actor,
      evidenceKey: verdict.evidenceKey,
    },
  ];
}

/** What led from one state to the other. */
function ruleOf(
  before: FlakyState,
  { facts: { fix } }: KnownTest,
  verdict: Verdict,
): TransitionRule {
  if (before === 'FIX_PENDING' && verdict.rule !== 'FIX_VERIFIED') {
    if (fix === null) return 'FIX_WITHDRAWN';
    if (fix.failedAt !== null) return 'FIX_REFUTED';
  }
  if (before === 'BROKEN' && (verdict.state === 'FLAKY' || verdict.rule === 'EVIDENCE_WITHDRAWN')) {
    return 'PASSED_AGAIN';
  }
  return verdict.rule;
}
