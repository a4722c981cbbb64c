import type { ServiceContext } from '../../context.ts';
import { ValidationError } from '../../errors.ts';
import {
  type RecordBuildInput,
  recordBuild,
  type RecordedBuild,
} from '../../ingest/record-build.ts';
import type { RestApp } from '../services.ts';
import { addIngestRoute, type IngestServices } from './ingest-route.ts';
import { BuildRecord, presentBuild } from './present.ts';
import { readBuild, WireBuild } from './wire.ts';

/** Mounts `builds` (Contract: buildbutler.md 7.1). */
export function addBuilds(rest: RestApp, services: IngestServices): void {
  addIngestRoute(rest, services, {
    names: ['builds'],
    summary: 'Report a build',
    description:
      'Stores a build, or updates the one it is recognised as: by `externalRunId` when that is a UUID, else by `id`, ' +
      'else by run. What is absent keeps its value. The `id` that is answered and the one that was sent both name it later.',
    body: WireBuild,
    answers: { 200: BuildRecord, 201: BuildRecord },
    read: (json) => readBuild(services.service.now(), json),
    store: async (ctx, input) => {
      const { build, created } = await recordReported(ctx, input);
      return { status: created ? 201 : 200, body: presentBuild(build) };
    },
  });
}

/** Stores a build whose repository is a guess of ours: that does not cost the report. */
async function recordReported(
  ctx: ServiceContext,
  input: RecordBuildInput,
): Promise<RecordedBuild> {
  try {
    return await recordBuild(ctx, input);
  } catch (error) {
    if (!isOfRepository(error)) throw error;
    return recordBuild(ctx, { ...input, repository: null }); // it stays in the one it was stored with
  }
}

function isOfRepository(error: unknown): boolean {
  return (
    error instanceof ValidationError && error.issues.every(({ path }) => path[1] === 'repository')
  );
}
