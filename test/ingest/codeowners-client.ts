import { assignAllOwners } from '../../src/ingest/assign-owners.ts';
import type { RecordCodeownersInput, TestResultInput } from '../generated/graphql.ts';
import type { TestGateway } from '../support/start-gateway.ts';
import { aSubmission, ingestClient, type Refusal } from './ingest-client.ts';
import { day } from './tests-by-name.ts';

const refusals = '... on Error { message } ... on ValidationError { issues { path message } }';

interface Run {
  readonly at: string;
  readonly commitSha: string;
  readonly status: TestResultInput['status'];
}

interface Recorded {
  readonly created: boolean;
}

/** An organization whose tests have owners. Tests are known by their files. */
export async function newOwners(gateway: TestGateway, provider: string | null = null) {
  const { organizationId, key } = await gateway.createOrganization();
  const ingest = ingestClient(gateway, key);
  const repository = { owner: 'acme', name: 'widgets', provider };
  let uploads = 0;

  /** Asks a query as the organization. */
  const ask = async <Data>(operation: string, variables: object = {}): Promise<Data> => {
    const { data, errors } = await gateway.graphql<Data>(operation, variables, key);
    if (data == null || errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  };
  /** Sends a file and gives the answer, whatever it is. */
  const send = async (
    content: string,
    input: Partial<RecordCodeownersInput> = {},
  ): Promise<Recorded | Refusal> => {
    const { answer } = await ask<{ answer: Recorded | Refusal }>(
      `mutation($input: RecordCodeownersInput!) { answer: recordCodeowners(input: $input) {
        __typename ... on RecordCodeownersPayload { created } ${refusals} } }`,
      { input: { repository, content, ...input } },
    );
    return answer;
  };
  const assign = () => assignAllOwners({ db: gateway.db });
  return {
    organizationId,
    key,
    repository,
    ask,
    send,
    assign,
    /** Sends a file that is taken, and gives whether it was new. */
    record: async (content: string, input: Partial<RecordCodeownersInput> = {}) => {
      const answer = await send(content, input);
      if ('message' in answer) throw new Error(JSON.stringify(answer));
      return answer.created;
    },
    /** Runs the tests of some files, one each; gives nothing. */
    run: async (
      files: readonly string[],
      { at = day(1), commitSha = 'c0ffee', status = 'FAILED' }: Partial<Run> = {},
    ) => {
      const key = `upload ${(uploads += 1)}`;
      const said = aSubmission({ key, commitSha, treeSha: `tree ${commitSha}`, recordedAt: at });
      const { submission } = await ingest.submission({ ...said, repository });
      const results = files.map((file) => ({ name: `of ${file}`, file, status }));
      await ingest.results({ submissionId: submission.id, results });
    },
    /** Who owns the tests now, by file, once that is worked out. */
    owners: async () => {
      await assign();
      const { testCases } = await ask<{
        testCases: { nodes: { file: string; owners: string[] }[] };
      }>('{ testCases(first: 100) { nodes { file owners } } }');
      return Object.fromEntries(testCases.nodes.map(({ file, owners }) => [file, owners]));
    },
  };
}
