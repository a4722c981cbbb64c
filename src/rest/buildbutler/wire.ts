import { z } from '@hono/zod-openapi';
import { hashUuid } from '../../domain/object-id.ts';
import { isInFuture } from '../../domain/time.ts';
import type { RecordBuildInput } from '../../ingest/record-build.ts';
import {
  instant,
  lenientCount,
  lenientText,
  lenientUuid,
  milliseconds,
  toText,
  wholeNumber,
} from './fields.ts';
import { repositoryOf } from './repository.ts';
import { readWith } from './read-with.ts';
import { toBuildStatus } from './status.ts';

/** `<number>/merge`, as GitHub names what it builds of a pull request. */
const mergeRef = /^(?:refs\/pull\/)?(\d{1,15})\/(?:merge|head)$/;

const NodeInfo = z
  .unknown()
  .optional()
  .transform((value) => {
    const node = typeof value === 'object' && value !== null ? value : {};
    const labels = 'nodeLabels' in node && Array.isArray(node.nodeLabels) ? node.nodeLabels : [];
    const agentLabels = labels.slice(0, 100).flatMap((label) => toText(label, 512) || []);
    return {
      agentName: 'nodeName' in node ? toText(node.nodeName, 512) || null : null,
      agentLabels: agentLabels.length > 0 ? agentLabels : null, // none said: those that are known stay
      ...('isBuiltIn' in node && typeof node.isBuiltIn === 'boolean'
        ? { agentIsBuiltIn: node.isBuiltIn }
        : {}),
    };
  })
  .openapi({
    type: ['object', 'null'],
    properties: {
      nodeName: { type: 'string' },
      nodeLabels: { type: 'array', items: { type: 'string' } },
      isBuiltIn: { type: 'boolean' },
    },
  });

/** What a client says of a build (Contract: buildbutler.md 7.1). */
export const WireBuild = z
  .object({
    id: lenientUuid.openapi({ description: 'Chosen by the client; unique in its organization.' }),
    jobName: z.string({ error: 'must be text' }),
    jobUrl: lenientText(2048),
    jobDisplayName: lenientText().openapi({ description: 'Name to show.' }),
    buildNumber: wholeNumber,
    status: z.string({ error: 'must be text' }).openapi({
      description:
        'success, failure, unstable, aborted, in_progress or not_built, in any letter case. Other words are kept.',
    }),
    duration: milliseconds.openapi({ description: 'Milliseconds; may exceed 32 bits.' }),
    queueDuration: lenientCount.openapi({ description: 'Milliseconds.' }),
    startedAt: instant,
    completedAt: instant,
    branch: lenientText(),
    commitSha: lenientText(128),
    jenkinsInstanceId: z
      .string({ error: 'must be text' })
      .nullish()
      .transform((value) => toText(value, 2048)?.trim() || null)
      .openapi({ type: 'string', description: 'CI server, repository or workflow.' }),
    url: lenientText(2048),
    cause: lenientText().openapi({ description: 'What triggered it, e.g. `push`.' }),
    nodeInfo: NodeInfo,
    source: lenientText(128),
    externalRunId: lenientText().openapi({
      description: 'A UUID names the build; anything else the run, whose builds share it.',
    }),
  })
  .openapi('BuildReport');

/**
 * Reads a build as BuildButler's clients send it. Odd values are cut, rounded or left out, a start ahead of time too: a
 * build that is refused is lost (Contract: buildbutler.md 4).
 *
 * @throws {ValidationError} naming each required field of a wrong type
 */
export function readBuild(now: Date, body: unknown): RecordBuildInput {
  const sent = readWith(WireBuild, body);
  const isAhead = sent.startedAt !== null && isInFuture(now, sent.startedAt);
  const said = isAhead ? { ...sent, startedAt: null } : sent;
  const jobName = said.jobName.slice(0, 512) || said.jobDisplayName || 'unknown';
  return {
    id: said.id ?? idOfNameless(said),
    externalRunId: said.externalRunId,
    repository: repositoryOf({ ...said, jobName }),
    jobName,
    jobDisplayName: said.jobDisplayName,
    number: said.buildNumber,
    ...toBuildStatus(said.status),
    durationMs: said.duration,
    queueDurationMs: said.queueDuration,
    startedAt: said.startedAt,
    completedAt: said.completedAt,
    branch: said.branch,
    commitSha: said.commitSha,
    pullRequest: pullRequestOf(said.branch),
    cause: said.cause,
    source: said.source,
    instance: said.jenkinsInstanceId,
    url: said.url,
    jobUrl: said.jobUrl,
    ...said.nodeInfo,
  };
}

/** Nothing tells the build from others of its job: sent again as it is, it is still the same. */
function idOfNameless(said: z.output<typeof WireBuild>): string | null {
  const isNamed = said.externalRunId ?? said.buildNumber ?? said.startedAt;
  return isNamed === null ? hashUuid(['build', JSON.stringify(said)]) : null;
}

function pullRequestOf(branch: string | null): number | null {
  const match = mergeRef.exec(branch ?? '');
  return match === null ? null : Number(match[1]);
}
