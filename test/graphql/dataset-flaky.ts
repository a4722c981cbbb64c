import type * as Rows from '../../src/db/generated/prisma/client.ts';
import * as enums from '../../src/db/generated/prisma/enums.ts';
import type { Owner } from './dataset-rows.ts';
import { cycle, known, lasting, minute, parentOf, rowsOf, uuidOf } from './dataset-values.ts';

/** What is known of flaky tests beside their evidence. */
export function flakyRows(
  owner: Owner,
  flakyTests: Rows.FlakyTest[],
  results: Rows.TestResult[],
  submissions: Rows.Submission[],
) {
  return {
    Disruption: disruptionRows(flakyTests, results, submissions),
    FlakyTransition: transitionRows(owner, flakyTests),
  };
}

/** Failures long ago: no window that ends now holds one. Some results are no longer kept. */
function disruptionRows(
  flakyTests: Rows.FlakyTest[],
  results: Rows.TestResult[],
  submissions: Rows.Submission[],
): Rows.Disruption[] {
  return lasting(results)
    .slice(0, 60)
    .map((result, index) => {
      const { organizationId, testCaseId, repositoryId } = parentOf(lasting(flakyTests), index);
      return {
        organizationId,
        testCaseId,
        recordedAt: minute(index % 7),
        resultId: index % 6 === 5 ? `${result.id.slice(0, 20)}0000` : result.id,
        repositoryId,
        evidenceKey: `key ${index % 3}`,
        kind: cycle(Object.values(enums.EvidenceKind), index),
        buildId: result.buildId,
        submissionId: known(index, cycle(lasting(submissions), index).id),
        commitSha: known(index, `c0ffee${index % 4}`),
      };
    });
}

function transitionRows(
  { organizationId, seed }: Owner,
  flakyTests: Rows.FlakyTest[],
): Rows.FlakyTransition[] {
  return rowsOf(45, (index) => {
    const { testCaseId, repositoryId } = parentOf(lasting(flakyTests).slice(0, 5), index);
    return {
      organizationId,
      id: uuidOf(seed, 'transition', String(index)),
      testCaseId,
      repositoryId,
      at: minute(index % 6),
      since: minute(index % 5),
      before: cycle(Object.values(enums.FlakyState), index),
      after: cycle(Object.values(enums.FlakyState), index + 1),
      rule: cycle(Object.values(enums.TransitionRule), index),
      actor: known(index, 'key'),
      evidenceKey: known(index + 1, `key ${index}`),
    };
  });
}
