import type * as Rows from '../../src/db/generated/prisma/client.ts';
import * as enums from '../../src/db/generated/prisma/enums.ts';
import { tagKey } from '../../src/domain/tags.ts';
import type { Owner } from './dataset-rows.ts';
import {
  cycle,
  known,
  lasting,
  minute,
  parentOf,
  rowsOf,
  texts,
  uuidOf,
} from './dataset-values.ts';

/** What was decided about tests and results. */
export function triageRows(owner: Owner, cases: Rows.TestCase[], results: Rows.TestResult[]) {
  return {
    FixAttempt: fixAttemptRows(cases),
    Quarantine: quarantineRows(cases),
    QuarantineEvent: quarantineEventRows(owner, cases),
    TestTag: testTagRows(cases),
    ExcludedResult: excludedResultRows(results),
  };
}

/** None is over while this runs. */
const never = new Date('2090-01-01T00:00:00Z');

/** Half of the tests have something decided about them. */
function quarantineRows(cases: Rows.TestCase[]): Rows.Quarantine[] {
  return lasting(cases)
    .filter((_testCase, index) => index % 2 === 0)
    .map(({ organizationId, id, repositoryId }, index) => {
      const isAutomatic = index % 4 === 0;
      return {
        organizationId,
        testCaseId: id,
        repositoryId,
        mode: isAutomatic ? 'MUTE' : cycle(Object.values(enums.QuarantineMode), index),
        isAutomatic,
        reason: known(index, cycle(texts, index)),
        owner: known(index + 1, cycle(['ada', 'grace'], index)),
        actor: isAutomatic ? null : 'key',
        since: minute(index % 6),
        expiresAt: index % 3 === 0 ? never : null,
      };
    });
}

/** Most were done about the first test. */
function quarantineEventRows(
  { organizationId, seed }: Owner,
  cases: Rows.TestCase[],
): Rows.QuarantineEvent[] {
  return rowsOf(40, (index) => {
    const { id, repositoryId } = parentOf(lasting(cases).slice(0, 5), index);
    const change = cycle(Object.values(enums.QuarantineChange), index);
    const mode = cycle(Object.values(enums.QuarantineMode), index);
    const hadOne = change !== 'CREATED';
    const hasOne = change === 'CREATED' || change === 'CHANGED';
    return {
      organizationId,
      id: uuidOf(seed, 'quarantine event', String(index)),
      testCaseId: id,
      repositoryId,
      at: minute(index % 6),
      change,
      actor: known(index, `key ${index % 3}`),
      beforeMode: hadOne ? mode : null,
      beforeReason: hadOne ? known(index, `reason ${index}`) : null,
      beforeOwner: hadOne ? 'ada' : null,
      beforeExpiresAt: hadOne ? never : null,
      afterMode: hasOne ? mode : null,
      afterReason: hasOne ? known(index + 1, `reason ${index}`) : null,
      afterOwner: hasOne ? 'grace' : null,
      afterExpiresAt: hasOne ? never : null,
    };
  });
}

function testTagRows(cases: Rows.TestCase[]): Rows.TestTag[] {
  const tags = ['Checkout', 'API', ...texts];
  return rowsOf(60, (index) => {
    const { organizationId, id } = cycle(lasting(cases), index % 7);
    const tag = cycle(tags, Math.floor(index / 7));
    return {
      organizationId,
      testCaseId: id,
      key: tagKey(tag),
      tag,
      actor: 'key',
      taggedAt: minute(index % 6),
    };
  });
}

function fixAttemptRows(cases: Rows.TestCase[]): Rows.FixAttempt[] {
  return lasting(cases)
    .filter((_testCase, index) => index % 3 === 0)
    .map(({ organizationId, id }, index) => ({
      organizationId,
      testCaseId: id,
      commitSha: `c0ffee${index % 4}`,
      attemptedAt: minute(index % 6),
      actor: 'key',
    }));
}

/** Results that are excluded, and who said so. */
function excludedResultRows(results: Rows.TestResult[]): Rows.ExcludedResult[] {
  return lasting(results)
    .filter(({ guard }) => guard === 'EXCLUDED')
    .map(({ organizationId, id, recordedAt }, index) => ({
      organizationId,
      resultId: id,
      recordedAt,
      reason: `reason ${index}`,
      actor: 'key',
      excludedAt: minute(index % 6),
    }));
}
