import type * as Rows from '../../src/db/generated/prisma/client.ts';
import type { Owner } from './dataset-rows.ts';
import { cycle, known, lasting, minute, parentOf, rowsOf, uuidOf } from './dataset-values.ts';

export function coverageRows(
  { organizationId, seed }: Owner,
  repositories: Rows.Repository[],
  builds: Rows.Build[],
  submissions: Rows.Submission[],
): Rows.CoverageReport[] {
  return rowsOf(45, (index) => ({
    organizationId,
    id: uuidOf(seed, 'coverage', String(index)),
    repositoryId: parentOf(lasting(repositories), index).id,
    buildId: known(index + 1, parentOf(lasting(builds), index).id),
    submissionId: known(index + 2, parentOf(lasting(submissions), index).id),
    format: cycle(['lcov', 'jacoco'], index),
    branch: known(index, 'main'),
    commitSha: known(index + 1, `c0ffee${index % 4}`),
    coveredLines: BigInt(index % 5),
    coverableLines: BigInt((index % 5) * 3),
    recordedAt: minute(index % 6),
  }));
}

export function securityRows(
  { organizationId, seed }: Owner,
  repositories: Rows.Repository[],
  builds: Rows.Build[],
  submissions: Rows.Submission[],
): Rows.SecurityReport[] {
  return rowsOf(45, (index) => ({
    organizationId,
    id: uuidOf(seed, 'security', String(index)),
    // The second comes right before the first.
    repositoryId: known(index + 1, parentOf(lasting(repositories), index === 1 ? 0 : index).id),
    buildId: parentOf(lasting(builds), index).id,
    submissionId: known(index + 2, parentOf(lasting(submissions), index).id),
    branch: known(index, 'main'),
    commitSha: known(index + 1, `c0ffee${index % 4}`),
    tool: cycle(['trivy', 'semgrep'], index === 1 ? 0 : index),
    kind: known(index, 'container'),
    severityCounts: { high: index },
    document: { runs: [index] },
    recordedAt: minute(index < 2 ? 30 - index : index % 6),
  }));
}
