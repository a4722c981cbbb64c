import type { ServiceContext } from '../../src/context.ts';
import { Capability } from '../../src/db/generated/prisma/enums.ts';
import type { UploadEntry } from '../../src/ingest/read-upload.ts';
import { ArchiveError } from '../../src/formats/archive.ts';
import { createLog } from '../../src/log.ts';
import type { TestGateway } from '../support/start-gateway.ts';

/** Files of an upload by their names, in this order; null is a file that broke off in an archive. */
export async function* entriesOf(
  files: Readonly<Record<string, string | Uint8Array | null>>,
): AsyncGenerator<UploadEntry, void, undefined> {
  for (const [name, content] of Object.entries(files)) {
    yield content === null
      ? { name, problem: 'The archive is damaged.' }
      : { name, problem: null, content: inHalves(Buffer.from(content)) };
  }
  await Promise.resolve();
}

async function* inHalves(bytes: Buffer): AsyncGenerator<Uint8Array, void, undefined> {
  const middle = Math.floor(bytes.length / 2);
  yield bytes.subarray(0, middle);
  await Promise.resolve();
  yield bytes.subarray(middle);
}

/** An upload that unpacks to too much in its first file. */
export async function* tooMuch(): AsyncGenerator<UploadEntry, void, undefined> {
  yield { name: 'bomb', problem: null, content: bomb() };
  await Promise.resolve();
}

async function* bomb(): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from('mode: set\n');
  await Promise.resolve();
  throw new ArchiveError('LIMIT', 'The upload unpacks to too much.');
}

/** What a verb gets from a door: the gateway's organization, with these capabilities. */
export function contextOf(
  { db, config, organizationId }: TestGateway,
  capabilities: readonly Capability[] = Object.values(Capability),
): ServiceContext {
  return {
    db,
    log: createLog(config, { write: () => undefined }),
    now: () => new Date(),
    tenant: { organizationId, apiKeyId: '00000000-0000-4000-8000-000000000000', capabilities },
  };
}

/** A new build of acme/widgets. */
export async function newBuild(gateway: TestGateway, said: object = {}): Promise<string> {
  const { data } = await gateway.graphql<{ recordBuild: { build: { databaseId: string } } }>(
    `mutation ($input: RecordBuildInput!) { recordBuild(input: $input) { ... on RecordBuildPayload { build { databaseId } } } }`,
    {
      input: {
        repository: { owner: 'acme', name: 'widgets' },
        jobName: 'ci',
        status: 'SUCCESS',
        startedAt: '2026-01-02T03:04:05Z',
        branch: 'main',
        commitSha: 'c0ffee',
        ...said,
      },
    },
  );
  if (data == null) throw new Error('no build was recorded');
  return data.recordBuild.build.databaseId;
}
