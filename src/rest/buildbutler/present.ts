import { z } from '@hono/zod-openapi';
import type { Build } from '../../db/generated/prisma/client.ts';

const integer = z
  .number()
  .nullable()
  .openapi({ type: ['integer', 'null'], format: 'int64' });
const instant = z
  .string()
  .nullable()
  .openapi({ type: ['string', 'null'], format: 'date-time' });

/** A build as it is stored (Contract: buildbutler.md 5 and 7.1). */
export const BuildRecord = z
  .object({
    id: z.uuid(),
    jobName: z.string(),
    jobDisplayName: z.string().nullable(),
    jobUrl: z.string().nullable(),
    buildNumber: integer,
    status: z.string().openapi({
      description:
        'success, failure, unstable, aborted, in_progress, queued, not_built, or other for a word that is not known.',
    }),
    statusRaw: z.string().openapi({ description: 'The word as it was sent.' }),
    duration: integer,
    queueDuration: integer,
    startedAt: instant,
    completedAt: instant,
    branch: z.string().nullable(),
    commitSha: z.string().nullable(),
    jenkinsInstanceId: z.string().nullable(),
    url: z.string().nullable(),
    cause: z.string().nullable(),
    nodeInfo: z
      .object({
        nodeName: z.string().nullable(),
        nodeLabels: z.array(z.string()),
        isBuiltIn: z.boolean(),
      })
      .nullable(),
    source: z.string().nullable(),
    externalRunId: z.string().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('Build');
export type BuildRecord = z.infer<typeof BuildRecord>;

/** Gives a build in the words of its client. */
export function presentBuild(build: Build): BuildRecord {
  return {
    id: build.id,
    jobName: build.jobName,
    jobDisplayName: build.jobDisplayName,
    jobUrl: build.jobUrl,
    buildNumber: toNumber(build.number),
    status: build.status.toLowerCase(),
    statusRaw: build.statusRaw,
    duration: toNumber(build.durationMs),
    queueDuration: toNumber(build.queueDurationMs),
    startedAt: build.startedAt?.toISOString() ?? null,
    completedAt: build.completedAt?.toISOString() ?? null,
    branch: build.branch,
    commitSha: build.commitSha,
    jenkinsInstanceId: build.instance,
    url: build.url,
    cause: build.cause,
    nodeInfo: presentNode(build),
    source: build.sourceRaw ?? build.source,
    externalRunId: build.externalRunId,
    createdAt: build.createdAt.toISOString(),
    updatedAt: build.updatedAt.toISOString(),
  };
}

/** Whoever does not say whether a node is the CI's own says so by its labels, as GitHub's action reads them. */
function presentNode({ agentName, agentLabels, agentIsBuiltIn }: Build): BuildRecord['nodeInfo'] {
  if (agentName === null && agentLabels.length === 0 && agentIsBuiltIn === null) return null;
  const isBuiltIn = agentIsBuiltIn ?? !agentLabels.includes('self-hosted');
  return { nodeName: agentName, nodeLabels: agentLabels, isBuiltIn };
}

function toNumber(value: bigint | null): number | null {
  return value === null ? null : Number(value);
}

const Reject = z.object({
  name: z.string().nullable(),
  path: z.array(z.string()),
  reason: z.string(),
});

/** The answer to items of a build. */
export const Accepted = z
  .object({
    id: z.string().optional().openapi({ description: 'Of what they were stored with.' }),
    accepted: z.number().int().openapi({ description: 'Number of items that were taken.' }),
    duplicates: z
      .number()
      .int()
      .optional()
      .openapi({ description: 'How many of them were known already.' }),
    rejected: z
      .array(Reject)
      .optional()
      .openapi({ description: 'Items that could not be stored.' }),
  })
  .openapi('Accepted');
export type Accepted = z.input<typeof Accepted>;

/** The answer to what waits for its build: it says nothing of whose id that may be. */
export const Held = z.object({ accepted: z.number().int(), held: z.literal(true) }).openapi('Held');
