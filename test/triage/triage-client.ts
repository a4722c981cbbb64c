import type { Refusal } from '../ingest/ingest-client.ts';
import { newOrganization } from '../ingest/tests-by-name.ts';
import type { TestGateway } from '../support/start-gateway.ts';

const refusals = '... on Error { message } ... on ValidationError { issues { path message } }';
const terms = 'mode isAutomatic reason owner actor since expiresAt';

/** What is asked of each mutation's payload. */
const selections = {
  quarantineTest: `quarantine { ${terms} testCase { name } }`,
  unquarantineTest: 'testCase { name quarantine { mode } }',
  markFixAttempted: 'testCase { name fixAttempt { commitSha attemptedAt actor } }',
  withdrawFixAttempt: 'testCase { name fixAttempt { commitSha } }',
  tagTest: 'testCases { name tags }',
  untagTest: 'testCases { name tags }',
  excludeResults: 'results { databaseId guard exclusion { reason actor excludedAt } }',
  includeResults: 'results { databaseId guard exclusion { reason } }',
  setFlakySettings: `repository { flakySettings { alarmDays alarmHalves recoverDays brokenStates fixStates
    outagePercent outageTests statisticalPercent statisticalResults quarantinePercent } }`,
} as const;

export type Verb = keyof typeof selections;

export interface Terms {
  readonly mode: string;
  readonly isAutomatic: boolean;
  readonly reason: string | null;
  readonly owner: string | null;
  readonly actor: string | null;
  readonly since: string;
  readonly expiresAt: string | null;
}

/** An organization that decides about its tests, through the GraphQL mutations of the gateway. */
export async function newTriage(gateway: TestGateway) {
  const organization = await newOrganization(gateway);
  const { key, idOf } = organization;

  /** Gives the answer, whatever it is. */
  const send = async <Payload>(
    verb: Verb,
    input: object,
    asKey = key,
  ): Promise<Payload | Refusal> => {
    const type = `${verb.charAt(0).toUpperCase()}${verb.slice(1)}`;
    const inputType = verb === 'untagTest' ? 'TagTestInput' : `${type}Input`;
    const { data, errors } = await gateway.graphql<{ answer: Payload | Refusal }>(
      `mutation($input: ${inputType}!) { answer: ${verb}(input: $input) {
        __typename ... on ${type}Payload { ${selections[verb]} } ${refusals} } }`,
      { input },
      asKey,
    );
    if (data == null || errors !== undefined) throw new Error(JSON.stringify(errors));
    return data.answer;
  };
  /** Gives the payload. */
  const decide = async <Payload extends object>(verb: Verb, input: object): Promise<Payload> => {
    const answer = await send<Payload>(verb, input);
    if ('message' in answer) throw new Error(JSON.stringify(answer));
    return answer;
  };
  /** Asks a query as the organization. */
  const ask = async <Data>(operation: string, variables: object = {}): Promise<Data> => {
    const { data, errors } = await gateway.graphql<Data>(operation, variables, key);
    if (data == null || errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  };
  return {
    ...organization,
    send,
    decide,
    ask,
    quarantine: async (name: string, input: object) =>
      decide<{ quarantine: Terms }>('quarantineTest', { testCaseId: await idOf(name), ...input }),
    unquarantine: async (name: string) =>
      decide<{ testCase: { quarantine: Terms | null } }>('unquarantineTest', {
        testCaseId: await idOf(name),
      }),
    /** What was decided about a test, and all that was done about it, the first first. */
    history: async (name: string) => {
      const { testCase } = await ask<{ testCase: History }>(
        `query($id: ID!) { testCase: node(id: $id) { ... on TestCase { quarantine { ${terms} }
          quarantineEvents(last: 50) { nodes { change actor beforeMode afterMode beforeReason afterReason } } } } }`,
        { id: Buffer.from(`TestCase:${await idOf(name)}`).toString('base64') },
      );
      const { quarantine, quarantineEvents } = testCase;
      return { quarantine, events: [...quarantineEvents.nodes].reverse() };
    },
    repositoryId: async () => {
      const where = { organizationId: organization.organizationId };
      return (await gateway.db.prisma.repository.findFirstOrThrow({ where })).id;
    },
  };
}

interface History {
  readonly quarantine: Terms | null;
  readonly quarantineEvents: { readonly nodes: readonly Record<string, string | null>[] };
}

export type Triage = Awaited<ReturnType<typeof newTriage>>;
