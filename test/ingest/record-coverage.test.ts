import { beforeAll, describe, expect, test } from 'vitest';
import { ForbiddenError, NotFoundError, TooLargeError, ValidationError } from '../../src/errors.ts';
import { recordCoverage } from '../../src/ingest/record-coverage.ts';
import { recordSubmission } from '../../src/ingest/record-submission.ts';
import { coverageFixture } from '../formats/coverage/expected-coverage.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { contextOf, entriesOf, newBuild, tooMuch } from './upload-entries.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const shardOne = 'SF:src/a.c\nDA:1,1\nDA:2,0\nend_of_record\n';
const shardTwo = 'SF:src/a.c\nDA:1,0\nDA:2,3\nDA:3,0\nend_of_record\nSF:b.c\nDA:9,0\n';

/** The coverage reports of a build, as a client sees them. */
async function reportsOf(buildId: string) {
  const { data } = await gateway.graphql<{ node: { coverageReports: unknown } }>(
    `query ($id: ID!) { node(id: $id) { ... on Build { coverageReports { totalCount nodes {
      format branch commitSha coveredLines coverableLines coverage recordedAt
      files(first: 100) { totalCount nodes { path coveredLines coverableLines coverage } } } } } } }`,
    { id: Buffer.from(`Build:${buildId}`).toString('base64') },
  );
  return data?.node.coverageReports;
}

describe('coverage of a build', () => {
  test('several reports become one, merged line by line, with what the build knows', async () => {
    const buildId = await newBuild(gateway);
    const ctx = contextOf(gateway);

    const { created, files } = await recordCoverage(
      ctx,
      { buildId },
      entriesOf({ '1.info': shardOne, '2.info': shardTwo }),
    );

    expect(created).toBe(true);
    expect(files).toMatchObject([
      { name: '1.info', format: 'LCOV', attempts: 1, accepted: 1, problem: null },
      { name: '2.info', format: 'LCOV', attempts: 2, accepted: 2, problem: null },
    ]);
    expect(await reportsOf(buildId)).toEqual({
      totalCount: 1,
      nodes: [
        {
          format: 'lcov',
          branch: 'main',
          commitSha: 'c0ffee',
          coveredLines: 2,
          coverableLines: 4,
          coverage: 0.5,
          recordedAt: expect.any(String) as string,
          files: {
            totalCount: 2,
            nodes: [
              { path: 'b.c', coveredLines: 0, coverableLines: 1, coverage: 0 },
              { path: 'src/a.c', coveredLines: 2, coverableLines: 3, coverage: 2 / 3 },
            ],
          },
        },
      ],
    });
  });

  test('the same files are stored once, in any order and at the same time', async () => {
    const buildId = await newBuild(gateway, { number: 2 });
    const ctx = contextOf(gateway);
    const both = { one: shardOne, two: shardTwo };
    const turned = { two: shardTwo, renamed: shardOne };

    const answers = await Promise.all(
      [both, turned, both].map((files) => recordCoverage(ctx, { buildId }, entriesOf(files))),
    );

    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(answers.map(({ report }) => report?.id)).size).toBe(1);
    expect(
      answers.flatMap(({ files }) => files).filter(({ accepted }) => accepted > 0),
    ).toHaveLength(2);
    expect(await reportsOf(buildId)).toMatchObject({ totalCount: 1 });
  });

  test('other files, and the same files for another build, are another report', async () => {
    const [one, other] = [
      await newBuild(gateway, { number: 3 }),
      await newBuild(gateway, { number: 4 }),
    ];
    const ctx = contextOf(gateway);

    await recordCoverage(ctx, { buildId: one }, entriesOf({ a: shardOne }));
    await recordCoverage(ctx, { buildId: one }, entriesOf({ a: shardTwo }));
    await recordCoverage(ctx, { buildId: other }, entriesOf({ a: shardOne }));

    expect(await reportsOf(one)).toMatchObject({ totalCount: 2 });
    expect(await reportsOf(other)).toMatchObject({ totalCount: 1 });
  });

  test('what cannot be read is said of its file, and the others stand', async () => {
    const buildId = await newBuild(gateway, { number: 5 });

    const { files, report } = await recordCoverage(
      contextOf(gateway),
      { buildId },
      entriesOf({
        'a.info': shardOne,
        'b.txt': 'hello',
        'c.xml': '<coverage line-rate="1"><packages>',
        d: null,
      }),
    );

    expect(report?.format).toBe('lcov');
    expect(files.map(({ problem }) => problem)).toEqual([
      null,
      expect.stringMatching(/no coverage report of a known format/) as string,
      expect.stringMatching(/malformed.*\(line 1, column \d+\)/) as string,
      'The archive is damaged.',
    ]);
  });

  test('when nothing can be read, nothing is stored', async () => {
    const buildId = await newBuild(gateway, { number: 6 });

    const answer = await recordCoverage(contextOf(gateway), { buildId }, entriesOf({ a: 'hello' }));

    expect(answer).toMatchObject({ report: null, created: false });
    expect(await reportsOf(buildId)).toMatchObject({ totalCount: 0 });
  });

  test('a report that covers nothing is a report', async () => {
    const buildId = await newBuild(gateway, { number: 13 });
    const empty = coverageFixture('jacoco-report/empty-report.xml');

    await recordCoverage(contextOf(gateway), { buildId }, entriesOf({ empty }));

    expect(await reportsOf(buildId)).toMatchObject({
      nodes: [{ format: 'jacoco', coverage: null, files: { totalCount: 0 } }],
    });
  });

  test('a report of many files is stored whole', async () => {
    const buildId = await newBuild(gateway, { number: 7 });
    const records = Array.from({ length: 2_500 }, (_, index) => `SF:f${index}\nDA:1,1\n`).join('');

    await recordCoverage(contextOf(gateway), { buildId }, entriesOf({ a: records }));

    expect(await reportsOf(buildId)).toMatchObject({
      nodes: [{ coveredLines: 2_500, files: { totalCount: 2_500 } }],
    });
  });

  test('a real report is read back as it was counted', async () => {
    const buildId = await newBuild(gateway, { number: 8 });
    const go = coverageFixture('octocov/gocover/coverage.out');

    await recordCoverage(contextOf(gateway), { buildId, format: 'GO_COVER' }, entriesOf({ go }));

    expect(await reportsOf(buildId)).toMatchObject({
      nodes: [
        { format: 'go_cover', coveredLines: 1810, coverableLines: 2661, files: { totalCount: 30 } },
      ],
    });
  });
});

describe('the submission that brought the files', () => {
  const repository = { owner: 'acme', name: 'widgets' };

  async function openedFor(buildId: string, key: string): Promise<string> {
    const ctx = contextOf(gateway);
    const { submission } = await recordSubmission(ctx, {
      repository,
      key,
      buildId,
      status: 'PROCESSING',
    });
    await gateway.db.pool.query(`UPDATE submissions SET kind = 'COVERAGE' WHERE id = $1`, [
      submission.id,
    ]);
    return submission.id;
  }

  async function submission(id: string) {
    const { data } = await gateway.graphql<{ node: unknown }>(
      `query ($id: ID!) { node(id: $id) { ... on Submission { status failureReason
        health { nodes { name format attempts accepted problem } } coverageReports { totalCount } } } }`,
      { id: Buffer.from(`Submission:${id}`).toString('base64') },
    );
    return data?.node;
  }

  test('says what became of each file', async () => {
    const id = await openedFor(await newBuild(gateway, { number: 9 }), 'read');

    await recordCoverage(
      contextOf(gateway),
      { submissionId: id },
      entriesOf({ a: shardOne, b: 'x' }),
    );

    expect(await submission(id)).toMatchObject({
      status: 'PROCESSED',
      failureReason: null,
      health: { nodes: [{ name: 'a', format: 'LCOV', attempts: 1, accepted: 1 }, { name: 'b' }] },
      coverageReports: { totalCount: 1 },
    });
  });

  test('has failed when none could be read, or when they unpack to too much', async () => {
    const buildId = await newBuild(gateway, { number: 10 });
    const unread = await openedFor(buildId, 'unread');
    const large = await openedFor(buildId, 'large');
    const ctx = contextOf(gateway);

    await recordCoverage(ctx, { submissionId: unread }, entriesOf({ b: 'x' }));
    const refused = recordCoverage(ctx, { submissionId: large }, tooMuch());

    await expect(refused).rejects.toThrow(TooLargeError);
    expect(await submission(unread)).toMatchObject({
      status: 'FAILED',
      coverageReports: { totalCount: 0 },
    });
    expect(await submission(large)).toMatchObject({
      status: 'FAILED',
      failureReason: 'The upload unpacks to too much.',
    });
  });
});

describe('refusals', () => {
  test('a key that may not ingest, a build that is not there, no build at all', async () => {
    const buildId = await newBuild(gateway, { number: 11 });
    const unknown = '00000000-0000-4000-8000-000000000001';
    const ctx = contextOf(gateway);

    await expect(
      recordCoverage(contextOf(gateway, ['READ']), { buildId }, entriesOf({})),
    ).rejects.toThrow(ForbiddenError);
    await expect(recordCoverage(ctx, { buildId: unknown }, entriesOf({}))).rejects.toThrow(
      NotFoundError,
    );
    await expect(recordCoverage(ctx, {}, entriesOf({}))).rejects.toThrow(ValidationError);
    await expect(
      recordCoverage(ctx, { buildId, recordedAt: new Date('2100-01-01') }, entriesOf({})),
    ).rejects.toThrow('input.recordedAt: is more than a day in the future');
  });

  test('another organization’s build is not there', async () => {
    const buildId = await newBuild(gateway, { number: 12 });
    const { organizationId } = await gateway.createOrganization();

    const theirs = contextOf({ ...gateway, organizationId });

    await expect(recordCoverage(theirs, { buildId }, entriesOf({ a: shardOne }))).rejects.toThrow(
      NotFoundError,
    );
  });
});
