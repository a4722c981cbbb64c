import { z } from '@hono/zod-openapi';
import type { AgentStatus } from '../../db/generated/prisma/enums.ts';
import { type RecordAgentsInput, recordAgents } from '../../ingest/record-agents.ts';
import type { RestApp, RestServices } from '../services.ts';
import { lenientCount, lenientText, toText } from './fields.ts';
import { addIngestRoute } from './ingest-route.ts';
import { Accepted } from './present.ts';
import { readWith } from './read-with.ts';

const statuses: Readonly<Record<string, AgentStatus>> = {
  ONLINE: 'ONLINE',
  OFFLINE: 'OFFLINE',
  BUILDING: 'BUILDING',
};

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
    status: statuses[status?.trim().toUpperCase() ?? ''] ?? 'UNKNOWN',
    statusRaw: status,
    executors: executors === null ? null : Math.min(executors, 1_000_000),
  }));

const WireAgents = z
  .object({
    jenkinsInstanceId: z
      .string({ error: 'must be text' })
      .transform((instance) => instance.slice(0, 2048)),
    agents: z
      .array(WireAgent, { error: 'must be a list of agents' })
      .nullish()
      .transform((agents) => agents ?? []),
    queueItems: z
      .unknown()
      .optional()
      .transform((items) => (Array.isArray(items) ? (items as readonly unknown[]) : null))
      .openapi({ type: 'array', items: { type: 'object' } }),
  })
  .openapi('AgentsReport');

/** Mounts `agents` (Contract: buildbutler.md 7.4). */
export function addAgents(rest: RestApp, services: RestServices): void {
  addIngestRoute(rest, services, {
    names: ['agents'],
    summary: 'Report agents and the queue of a CI server',
    description:
      'Agents that are not named stay as they are known, and age by when they were last seen.',
    body: WireAgents,
    answers: { 201: Accepted },
    read: readAgents,
    store: async (ctx, input) => {
      const { snapshotId, accepted, rejected } = await recordAgents(ctx, input);
      return { status: 201, body: { id: snapshotId, accepted, rejected } };
    },
  });
}

function readAgents(json: unknown): RecordAgentsInput {
  const { jenkinsInstanceId, ...said } = readWith(WireAgents, json);
  return { instance: jenkinsInstanceId, ...said };
}
