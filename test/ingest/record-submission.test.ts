import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import {
  aBuild,
  aSubmission,
  type IngestClient,
  ingestClient,
  repository,
} from './ingest-client.ts';

let gateway: TestGateway;
let ingest: IngestClient;
beforeAll(async () => {
  gateway = await startGateway();
  ingest = ingestClient(gateway);
});

async function refused(said: Parameters<typeof aSubmission>[0]) {
  const { issues } = await ingest.refusal('recordSubmission', aSubmission(said));
  return issues;
}

test('the same submission twice is stored once', async () => {
  const input = aSubmission({ branch: 'main', tags: ['unit'], commitSha: 'c'.repeat(40) });

  const first = await ingest.submission(input);
  const second = await ingest.submission(input);

  expect([first.created, second.created]).toEqual([true, false]);
  expect(second.submission).toEqual(first.submission);
  expect(first.submission).toMatchObject({
    status: 'PROCESSED',
    branch: 'main',
    tags: ['unit'],
    testResultCount: 0,
  });
});

test('a key is known in its repository alone', async () => {
  const input = aSubmission();

  const first = await ingest.submission(input);
  const elsewhere = await ingest.submission({ ...input, repository: { owner: 'a', name: 'b' } });
  const upper = await ingest.submission({
    ...input,
    repository: { owner: 'ACME', name: 'Widgets' },
  });

  expect([elsewhere.created, upper.created]).toEqual([true, false]);
  expect(upper.submission.id).toBe(first.submission.id);
});

test('its id begins with the second it was recorded in, which is fixed when it is first sent', async () => {
  const input = aSubmission({ recordedAt: '2026-05-10T08:00:00.500Z' });

  const first = await ingest.submission(input);
  const moved = await ingest.submission({ ...input, recordedAt: '2026-05-11T08:00:00.000Z' });

  const second = Math.floor(Date.parse('2026-05-10T08:00:00Z') / 1000).toString(16);
  expect(first.submission.databaseId.slice(0, 8)).toBe(second);
  expect(moved.submission).toMatchObject({
    id: first.submission.id,
    recordedAt: '2026-05-10T08:00:00.500Z',
  });
});

test('what is absent keeps its value, and what is said replaces it', async () => {
  const full = { buildUrl: 'https://ci.example/1', branch: 'main', source: 'github', tags: ['a'] };
  const input = aSubmission(full);
  await ingest.submission(input);

  const { submission } = await ingest.submission({
    repository,
    key: input.key,
    branch: 'topic',
    treeSha: 'd'.repeat(40),
  });

  expect(submission).toMatchObject({ ...full, branch: 'topic', treeSha: 'd'.repeat(40) });
});

describe('a submission of a build', () => {
  const ofBuild = {
    branch: 'main',
    commitSha: 'c'.repeat(40),
    treeSha: 'd'.repeat(40),
    source: 'github-actions',
  };

  test('takes from it what it does not say itself', async () => {
    const { build } = await ingest.build(aBuild({ ...ofBuild, url: 'https://ci.example/7' }));

    const { submission } = await ingest.submission(
      aSubmission({ buildId: build.databaseId, branch: 'topic' }),
    );

    const expected = { ...ofBuild, branch: 'topic', buildUrl: 'https://ci.example/7' };
    expect(submission).toMatchObject(expected);
  });

  test('keeps what it said itself before the build was known', async () => {
    const { build } = await ingest.build(aBuild(ofBuild));
    const input = aSubmission({ branch: 'topic', source: 'jenkins' });
    await ingest.submission(input);

    const { submission } = await ingest.submission({
      repository,
      key: input.key,
      buildId: build.databaseId,
    });

    const said = { branch: 'topic', source: 'jenkins' };
    expect(submission).toMatchObject({ ...ofBuild, ...said });
  });

  test('may name it by its global id and by an alias', async () => {
    const [externalRunId, alias] = [randomUUID(), randomUUID()];
    const { build } = await ingest.build(aBuild({ externalRunId }));
    await ingest.build(aBuild({ externalRunId, id: alias }));

    const answers = await Promise.all(
      [build.id, build.databaseId, alias].map((buildId) =>
        ingest.submission(aSubmission({ buildId })),
      ),
    );

    const ids = answers.map(({ submission }) => submission.databaseId);
    const rows = await gateway.db.prisma.submission.findMany({ where: { id: { in: ids } } });
    expect(rows.map(({ buildId }) => buildId)).toEqual(Array(3).fill(build.databaseId));
  });

  test('that is not there, or is a stranger’s, is a NotFoundError', async () => {
    const other = await gateway.createOrganization();
    const { build } = await ingestClient(gateway, other.key).build(aBuild());
    const unknown = randomUUID();

    const answers = await Promise.all(
      [unknown, build.databaseId].map((buildId) =>
        ingest.refusal('recordSubmission', aSubmission({ buildId })),
      ),
    );

    expect(answers.map(({ __typename }) => __typename)).toEqual(['NotFoundError', 'NotFoundError']);
    expect(answers[1]?.message.replace(build.databaseId, unknown)).toBe(answers[0]?.message);
  });

  test('with a web page too long for a key is stored without it', async () => {
    const url = `https://ci.example/${'é漢'.repeat(1000)}`;
    const { build } = await ingest.build(aBuild({ url }));

    const { submission } = await ingest.submission(aSubmission({ buildId: build.databaseId }));

    expect([build.url, submission.buildUrl]).toEqual([url, null]);
  });
});

describe('what became of it', () => {
  test('goes from being read to read, and not back', async () => {
    const input = aSubmission();

    await ingest.submission({ ...input, status: 'PROCESSING' });
    await ingest.submission({ ...input, status: 'PROCESSED' });
    const { submission } = await ingest.submission({
      ...input,
      status: 'PROCESSING',
      branch: 'main',
    });

    expect(submission).toMatchObject({ status: 'PROCESSED', branch: 'main' });
  });

  test('has a reason while it has failed, and none after it was read', async () => {
    const input = aSubmission();

    const failed = await ingest.submission({
      ...input,
      status: 'FAILED',
      failureReason: 'no XML',
    });
    const silent = await ingest.submission(input);
    const read = await ingest.submission({ ...input, status: 'PROCESSED' });

    expect(failed.submission).toMatchObject({ status: 'FAILED', failureReason: 'no XML' });
    expect(silent.submission).toMatchObject({ status: 'FAILED', failureReason: 'no XML' });
    expect(read.submission).toMatchObject({ status: 'PROCESSED', failureReason: null });
  });

  test('needs a reason if it failed, and has none otherwise', async () => {
    const path = ['input', 'failureReason'];

    expect(await refused({ status: 'FAILED' })).toMatchObject([{ path }]);
    expect(await refused({ status: 'PROCESSED', failureReason: 'x' })).toMatchObject([{ path }]);
  });
});

test('everything wrong is said at once, with its path', async () => {
  const issues = await refused({
    repository: { owner: '', name: 'x'.repeat(257) },
    key: '',
    buildUrl: 'x'.repeat(513),
    branch: 'x'.repeat(513),
    commitSha: 'x'.repeat(129),
    treeSha: 'x'.repeat(129),
    source: 'x'.repeat(129),
    tags: Array<string>(101).fill('x'),
    recordedAt: '2105-01-01T00:00:00Z',
  });

  expect(issues?.map(({ path }) => path.join('.'))).toEqual([
    'input.repository.owner',
    'input.repository.name',
    'input.key',
    'input.buildUrl',
    'input.branch',
    'input.commitSha',
    'input.treeSha',
    'input.source',
    'input.tags',
    'input.recordedAt',
  ]);
});

test('text that Postgres cannot hold is stored with a replacement, the key too', async () => {
  const input = aSubmission({ key: 'a\0b\ud800', tags: ['\0'] });

  const first = await ingest.submission(input);
  const second = await ingest.submission(input);

  expect(first.submission).toMatchObject({ key: 'a\ufffdb\ufffd', tags: ['\ufffd'] });
  expect(second.created).toBe(false);
});

test('20 sends of one submission at once are one submission', async () => {
  const input = aSubmission({ repository: { owner: 'acme', name: `new-${randomUUID()}` } });

  const answers = await Promise.all(Array.from({ length: 20 }, () => ingest.submission(input)));

  expect(answers.filter(({ created }) => created)).toHaveLength(1);
  expect(new Set(answers.map(({ submission }) => submission.id)).size).toBe(1);
});
