import { z } from '@hono/zod-openapi';
import type { ServiceContext } from '../../context.ts';
import type { AgentStatus } from '../../db/generated/prisma/enums.ts';
import {
  mostAgentsAtOnce,
  type RecordAgentsInput,
  recordAgents,
} from '../../ingest/record-agents.ts';
import type { Reject } from '../../ingest/rejects.ts';
import type { RestApp } from '../services.ts';
import { lenientCount, lenientText, toText } from './fields.ts';
import { addIngestRoute, type IngestAnswer, type IngestServices } from './ingest-route.ts';
import { inPieces } from './pieces.ts';
import { Accepted } from './present.ts';
import { readEach, readWith } from './read-with.ts';

const statuses: ReadonlyMap<string, AgentStatus> = new Map([
  ['ONLINE', 'ONLINE'],
  ['OFFLINE', 'OFFLINE'],
  ['BUILDING', 'BUILDING'],
]);

/** Joined by commas, or a list. */
const Labels = z
  .unknown()
  .optional()
  .transform((value) => {
    const labels: readonly unknown[] = Array.isArray(value)
      ? value
      : (toText(value, 100_000)?.split(',') ?? []);
    return labels.flatMap((label) => toText(label, 256)?.trim() || []).slice(0, 100);
  })
  .openapi({ type: 'string', description: 'Joined by commas; a list is taken too.' });

const WireAgent = z
  .object({
    name: z.string({ error: 'must be text' }),
    status: lenientText(64).openapi({ description: 'ONLINE, OFFLINE, BUILDING or UNKNOWN.' }),
    currentJob: lenientText(),
    labels: Labels,
    os: lenientText(128),
    arch: lenientText(128),
    executors: lenientCount,
  })
  .transform(({ name, status, executors, ...said }) => ({
    ...said,
    name: name.slice(0, 512),
    status: statuses.get(status?.trim().toUpperCase() ?? '') ?? 'UNKNOWN',
    statusRaw: status,
    executors: executors === null ? null : Math.min(executors, 1_000_000),
  }));

const WireAgents = z
  .object({
    jenkinsInstanceId: z
      .string({ error: 'must be text' })
      .transform((instance) => instance.slice(0, 2048)),
    agents: z.array(WireAgent).nullish(),
    queueItems: z
      .unknown()
      .optional()
      .transform((items) => (Array.isArray(items) ? (items as readonly unknown[]) : null))
      .openapi({ type: 'array', items: { type: 'object' } }),
  })
  .openapi('AgentsReport');

/** The list by itself, before its items. */
const WireLists = WireAgents.extend({
  agents: z.array(z.unknown(), { error: 'must be a list of agents' }).nullish(),
});

/** The most agents of one request. */
const mostAgents = 100_000;

/** Mounts `agents` (Contract: buildbutler.md 7.4). */
export function addAgents(rest: RestApp, services: IngestServices): void {
  addIngestRoute(rest, services, {
    names: ['agents'],
    summary: 'Report agents and the queue of a CI server',
    description:
      'Agents that are not named stay as they are known, and age by when they were last seen.',
    body: WireAgents,
    answers: { 201: Accepted },
    read: readAgents,
    store,
  });
}

function readAgents(json: unknown): RecordAgentsInput {
  const { jenkinsInstanceId, agents, queueItems } = readWith(WireLists, json);
  return {
    instance: jenkinsInstanceId,
    agents: readEach(WireAgent, agents ?? [], { field: 'agents', most: mostAgents }),
    queueItems: queueItems?.slice(0, mostAgentsAtOnce) ?? null,
    queueLength: queueItems?.length ?? null,
  };
}

/** A report of the verb takes only so many agents; the queue goes with the last, when all of them are known. */
async function store(
  ctx: ServiceContext,
  { instance, agents, queueItems, queueLength }: RecordAgentsInput,
): Promise<IngestAnswer> {
  const pieces = inPieces(agents, mostAgentsAtOnce);
  const total = { accepted: 0, rejected: [] as Reject[] };
  let id: string | undefined;
  for (const [index, piece] of pieces.entries()) {
    const queue = index === pieces.length - 1 ? { queueItems, queueLength } : {};
    const recorded = await recordAgents(ctx, { instance, agents: piece, ...queue });
    total.accepted += recorded.accepted;
    total.rejected.push(...recorded.rejected);
    id = recorded.snapshotId;
  }
  return { status: 201, body: { id, ...total } };
}
