import { randomUUID } from 'node:crypto';
import type { Agent } from '../generated/graphql.ts';
import type { TestGateway } from '../support/start-gateway.ts';

export const minute = 60_000;
export const hour = 60 * minute;

/** The instant so many milliseconds before now. */
export function ago(ms: number): Date {
  return new Date(Date.now() - ms);
}

/** A CI server that no other test has. */
export function newServer(): { readonly server: string; readonly instance: string } {
  const server = `${randomUUID()}.example`;
  return { server, instance: `https://${server}` };
}

/** Agents of a CI server by name, as a client sees them, but for the time. */
export async function agentsOf(
  gateway: TestGateway,
  server: string,
  filter: object = {},
): Promise<Omit<Agent, 'id' | 'lastSeenAt' | 'server'>[]> {
  const { data, errors } = await gateway.graphql<{ agents: { nodes: Agent[] } }>(
    `query ($filter: AgentFilter) { agents(first: 100, filter: $filter) { nodes {
      name instance status reportedStatus statusRaw currentJob labels os arch executors } } }`,
    { filter: { server, ...filter } },
  );
  if (data == null) throw new Error(JSON.stringify(errors));
  return data.agents.nodes.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Names of the agents that a filter leaves, sorted. */
export async function namesOf(
  gateway: TestGateway,
  server: string,
  filter: object = {},
): Promise<string[]> {
  return (await agentsOf(gateway, server, filter)).map(({ name }) => name);
}

/** Status of each agent, by its name. */
export async function statusesOf(
  gateway: TestGateway,
  server: string,
): Promise<Record<string, string>> {
  const agents = await agentsOf(gateway, server);
  return Object.fromEntries(agents.map(({ name, status }) => [name, status]));
}

export interface Snapshot {
  readonly agents: unknown;
  readonly queue_items: unknown;
  readonly queue_length: number | null;
  readonly busy_count: number;
  readonly idle_count: number;
  readonly offline_count: number;
}

/** The history of a CI server, oldest first. */
export async function snapshotsOf({ db }: TestGateway, server: string): Promise<Snapshot[]> {
  const { rows } = await db.pool.query<Snapshot>(
    `SELECT agents, queue_items, queue_length, busy_count, idle_count, offline_count
      FROM agent_snapshots WHERE server = $1 ORDER BY recorded_at, id`,
    [server],
  );
  return rows;
}
