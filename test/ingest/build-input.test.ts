import { beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { aBuild, type IngestClient, ingestClient } from './ingest-client.ts';

let gateway: TestGateway;
let ingest: IngestClient;
beforeAll(async () => {
  gateway = await startGateway();
  ingest = ingestClient(gateway);
});

async function issuesOf(said: Parameters<typeof aBuild>[0]): Promise<readonly string[]> {
  const { __typename, issues } = await ingest.refusal('recordBuild', aBuild(said));
  expect(__typename).toBe('ValidationError');
  return (issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`);
}

const long = (length: number) => 'x'.repeat(length);

test('a start more than a day ahead, or before 1970, is refused', async () => {
  const tomorrow = new Date(Date.now() + 25 * 3_600_000).toISOString();

  expect(await issuesOf({ startedAt: tomorrow })).toEqual([
    'input.startedAt is more than a day in the future',
  ]);
  expect(await issuesOf({ startedAt: '1969-12-31T23:59:59.999Z' })).toEqual([
    'input.startedAt must not be before 1970',
  ]);
});

test('a clock that runs ahead by less than a day is believed', async () => {
  const startedAt = new Date(Date.now() + 23 * 3_600_000).toISOString();

  const { build } = await ingest.build(aBuild({ startedAt }));

  expect(build).toMatchObject({ startedAt, recordedAt: startedAt });
});

test.each(['constructor', '__proto__', 'toString'])(
  'a CI system that calls itself %s is stored',
  async (source) => {
    const { build } = await ingest.build(aBuild({ source }));

    expect(build).toMatchObject({ source: source.toLowerCase() });
  },
);

test('every limit is refused with its path, all at once', async () => {
  const issues = await issuesOf({
    id: 'no-uuid',
    repository: {
      owner: '',
      name: long(257),
      provider: long(65),
      defaultBranch: long(513),
      url: long(2049),
    },
    jobName: '',
    jobDisplayName: long(513),
    number: -1,
    statusRaw: long(65),
    durationMs: -1,
    queueDurationMs: -1,
    startedAt: '2105-01-01T00:00:00Z',
    completedAt: '1969-01-01T00:00:00Z',
    branch: long(513),
    commitSha: long(129),
    treeSha: long(129),
    pullRequest: -1,
    cause: long(513),
    source: long(129),
    instance: long(2049),
    url: long(2049),
    jobUrl: long(2049),
    externalRunId: long(513),
    attempt: 0,
    triggeredBy: long(513),
    agentName: long(513),
    agentLabels: [long(513), ''],
  });

  expect(issues).toEqual([
    'input.id must be a UUID',
    'input.repository.owner must not be empty',
    'input.repository.name must be at most 256 characters',
    'input.repository.provider must be at most 64 characters',
    'input.repository.defaultBranch must be at most 512 characters',
    'input.repository.url must be at most 2048 characters',
    'input.jobName must not be empty',
    'input.jobDisplayName must be at most 512 characters',
    'input.number must not be negative',
    'input.statusRaw must be at most 64 characters',
    'input.durationMs must not be negative',
    'input.queueDurationMs must not be negative',
    'input.completedAt must not be before 1970',
    'input.branch must be at most 512 characters',
    'input.commitSha must be at most 128 characters',
    'input.treeSha must be at most 128 characters',
    'input.pullRequest must not be negative',
    'input.cause must be at most 512 characters',
    'input.source must be at most 128 characters',
    'input.instance must be at most 2048 characters',
    'input.url must be at most 2048 characters',
    'input.jobUrl must be at most 2048 characters',
    'input.externalRunId must be at most 512 characters',
    'input.attempt counts from 1',
    'input.triggeredBy must be at most 512 characters',
    'input.agentName must be at most 512 characters',
    'input.agentLabels.0 must be at most 512 characters',
    'input.startedAt is more than a day in the future',
  ]);
});

test('more labels than there is room for are refused with the limit', async () => {
  expect(await issuesOf({ agentLabels: Array<string>(101).fill('x') })).toEqual([
    'input.agentLabels must be at most 100 entries',
  ]);
});

test('the longest values that are allowed are stored, whatever their characters', async () => {
  // Three bytes each: the most a character can need.
  const wide = (length: number) =>
    Array.from({ length }, (_, index) => String.fromCodePoint(0x4e00 + ((index * 7919) % 20_000)));
  const longest = (length: number) => wide(length).join('');
  const full = {
    jobName: longest(512),
    branch: longest(512),
    commitSha: longest(128),
    instance: longest(2048),
    url: longest(2048),
    externalRunId: longest(512),
  };

  const { build } = await ingest.build(
    aBuild({ ...full, repository: { owner: longest(256), name: longest(256) } }),
  );

  expect(build).toMatchObject(full);
});

test('durations over 32 bits come back as they were sent', async () => {
  const durations = [3_024_000_000, 22_886_690_445, Number.MAX_SAFE_INTEGER];

  const answers = await Promise.all(
    durations.map((durationMs) => ingest.build(aBuild({ durationMs, number: durationMs }))),
  );

  expect(answers.map(({ build }) => build.durationMs)).toEqual(durations);
  expect(answers.map(({ build }) => build.number)).toEqual(durations);
});

test('text that Postgres cannot hold is stored with a replacement', async () => {
  const { build } = await ingest.build(
    aBuild({
      jobName: 'a\0b',
      branch: '\ud83d',
      repository: { owner: 'ac\0me', name: 'wid\udfffgets' },
      agentLabels: ['\0'],
    }),
  );

  expect(build).toMatchObject({
    jobName: 'a\ufffdb',
    branch: '\ufffd',
    agentLabels: ['\ufffd'],
  });
});

test('a key without the INGEST capability is refused', async () => {
  const reader = await gateway.graphql<{
    createApiKey: { secret: string };
  }>(
    `mutation { createApiKey(input: { name: "reader", capabilities: [READ] }) {
      ... on CreateApiKeyPayload { secret } } }`,
  );
  const key = reader.data?.createApiKey.secret;

  const refusal = await ingestClient(gateway, key).refusal('recordBuild', aBuild());

  expect(refusal.__typename).toBe('ForbiddenError');
});
