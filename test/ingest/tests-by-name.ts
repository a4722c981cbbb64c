import type { TestResultInput } from '../generated/graphql.ts';
import type { TestGateway } from '../support/start-gateway.ts';
import { identityClient } from './identity-client.ts';
import { aSubmission, ingestClient } from './ingest-client.ts';

export type Status = TestResultInput['status'];

/** When and where a test ran: on which tree, branch and commit. */
interface Place {
  readonly at?: string;
  readonly state?: string;
  readonly branch?: string;
  readonly commit?: string;
}

/** An organization that runs tests known by their names, each result in an upload of its own. */
export async function newOrganization(gateway: TestGateway) {
  const { organizationId, key } = await gateway.createOrganization();
  const ingest = ingestClient(gateway, key);
  const identity = identityClient(gateway, key);
  let uploads = 0;

  const run = async (name: string, status: Status, of: Place = {}) => {
    const { at = day(1), state = 'tree', branch = null, commit = null } = of;
    const upload = `upload ${(uploads += 1)}`;
    const { submission } = await ingest.submission(
      aSubmission({ key: upload, treeSha: state, branch, commitSha: commit, recordedAt: at }),
    );
    await ingest.results({ submissionId: submission.id, results: [{ name, status }] });
  };
  const idOf = async (name: string) => {
    const where = { organizationId, name };
    const { id } = await gateway.db.prisma.testCase.findFirstOrThrow({ where });
    return id;
  };
  return {
    organizationId,
    key,
    ingest,
    identity,
    run,
    idOf,
    merge: async (from: string, into: string) =>
      identity.merge([await idOf(from)], await idOf(into)),
    unmerge: async (name: string) => identity.unmerge(await idOf(name)),
  };
}

/** Eight in the morning of a day in May. */
export function day(number: number): string {
  return `2026-05-${String(number).padStart(2, '0')}T08:00:00.000Z`;
}

/** Which results each test has, by its name, and when it was first seen. */
export async function stored(gateway: TestGateway, organizationId: string) {
  const cases = await gateway.db.prisma.testCase.findMany({
    where: { organizationId },
    include: { results: { orderBy: [{ recordedAt: 'asc' }, { id: 'asc' }] } },
    orderBy: { name: 'asc' },
  });
  return cases.map(({ name, firstSeenAt, results }) => ({
    name,
    firstSeenAt: firstSeenAt.toISOString(),
    results: results.map(({ status, recordedAt }) => `${recordedAt.toISOString()} ${status}`),
  }));
}
