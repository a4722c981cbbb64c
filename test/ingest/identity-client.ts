import type { TestGateway } from '../support/start-gateway.ts';
import type { Refusal } from './ingest-client.ts';

interface Changed {
  readonly testCase: { readonly databaseId: string; readonly firstSeenAt: string };
}

interface Folding {
  readonly repository: { readonly nameFolding: readonly string[] };
}

const refusals = '... on Error { message } ... on ValidationError { issues { path message } }';
const testCase = 'testCase { databaseId firstSeenAt }';

const operations = {
  mergeTestCases: `mutation($input: MergeTestCasesInput!) { answer: mergeTestCases(input: $input) {
    __typename ... on MergeTestCasesPayload { ${testCase} } ${refusals} } }`,
  unmergeTestCase: `mutation($input: UnmergeTestCaseInput!) { answer: unmergeTestCase(input: $input) {
    __typename ... on UnmergeTestCasePayload { ${testCase} } ${refusals} } }`,
  setNameFolding: `mutation($input: SetNameFoldingInput!) { answer: setNameFolding(input: $input) {
    __typename ... on SetNameFoldingPayload { repository { nameFolding } } ${refusals} } }`,
};

/** Says which test is which, through the GraphQL mutations of the gateway. */
export function identityClient(gateway: TestGateway, key = gateway.key) {
  const send = async <Payload>(
    verb: keyof typeof operations,
    input: object,
  ): Promise<Payload | Refusal> => {
    const { data, errors } = await gateway.graphql<{ answer: Payload | Refusal }>(
      operations[verb],
      { input },
      key,
    );
    if (data == null || errors !== undefined) throw new Error(JSON.stringify(errors));
    return data.answer;
  };
  const accept = async <Payload extends object>(
    verb: keyof typeof operations,
    input: object,
  ): Promise<Payload> => {
    const answer = await send<Payload>(verb, input);
    if ('message' in answer) throw new Error(JSON.stringify(answer));
    return answer;
  };

  return {
    merge: (from: readonly string[], into: string) =>
      accept<Changed>('mergeTestCases', { from, into }),
    unmerge: (id: string) => accept<Changed>('unmergeTestCase', { id }),
    fold: (repositoryId: string, rules: readonly string[]) =>
      accept<Folding>('setNameFolding', { repositoryId, rules }),
    /** Gives the answer, whatever it is. */
    send,
  };
}
