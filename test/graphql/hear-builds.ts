import { readEvents } from '../../src/client/read-events.ts';
import type { GraphQLAnswer, TestGateway } from '../support/start-gateway.ts';
import { ingestInputs, ingestMutations } from './operations.ts';

const buildUpdated = `subscription($id: ID!) {
  buildUpdated(repositoryId: $id) { number status stages { nodes { name } } }
}`;

interface Heard {
  readonly number: number;
  readonly status: string;
  readonly stages: { readonly nodes: readonly { readonly name: string }[] };
}

/** An open stream of `buildUpdated`. */
export interface Hearing {
  /** What has come so far. */
  readonly builds: readonly Heard[];
  /** How it ended: the gateway completed it, or the connection broke. */
  readonly end: Promise<'complete' | 'broken'>;
  readonly leave: () => void;
}

/** Asks for a subscription, as the bytes of an event stream. */
export function subscribe(
  gateway: TestGateway,
  id: string,
  { key = gateway.key, signal }: { key?: string; signal?: AbortSignal } = {},
): Promise<Response> {
  return fetch(new URL('/graphql', gateway.url), {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ query: buildUpdated, variables: { id } }),
    ...(signal && { signal }),
  });
}

/** Opens a stream; when this resolves, the gateway listens. */
export async function hear(gateway: TestGateway, id: string, key = gateway.key): Promise<Hearing> {
  const leaving = new AbortController();
  const { body, status } = await subscribe(gateway, id, { key, signal: leaving.signal });
  if (body === null || status !== 200) throw new Error(`no event stream but HTTP ${status}`);
  const builds: Heard[] = [];

  const read = async (): Promise<'complete' | 'broken'> => {
    for await (const { name, data } of readEvents(body)) {
      if (name === 'complete') return 'complete';
      const answer = JSON.parse(data) as GraphQLAnswer<{ buildUpdated: Heard }>; // the operation's shape
      if (answer.data == null) throw new Error(`an event without data: ${data}`);
      builds.push(answer.data.buildUpdated);
    }
    return 'broken';
  };
  const end = read().catch((error: unknown) => {
    if (leaving.signal.aborted) return 'broken' as const;
    throw error;
  });
  return {
    builds,
    end,
    leave: () => {
      leaving.abort();
    },
  };
}

/** Records a build of the repository acme/`name`. */
export async function record(
  gateway: TestGateway,
  key: string,
  { number, name = 'widgets', ...more }: { number: number; name?: string; agentLabels?: string[] },
): Promise<void> {
  const repository = { owner: 'acme', name };
  const input = { ...ingestInputs.recordBuild, id: null, repository, number, ...more };
  await gateway.graphql(ingestMutations.recordBuild, { input }, key);
}

/** Makes an organization with one build of acme/widgets; gives its key and the repository's id. */
export async function startRepository(
  gateway: TestGateway,
): Promise<{ key: string; organizationId: string; id: string }> {
  const organization = await gateway.createOrganization();
  await record(gateway, organization.key, { number: 1 });
  const { data } = await gateway.graphql<{ repository: { id: string } }>(
    '{ repository(owner: "acme", name: "widgets") { id } }',
    {},
    organization.key,
  );
  return { ...organization, id: data?.repository.id ?? '' };
}
