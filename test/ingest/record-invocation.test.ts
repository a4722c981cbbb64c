import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RecordInvocationInput, TargetInput } from '../generated/graphql.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { anInvocation, type IngestClient, ingestClient, repository } from './ingest-client.ts';

let gateway: TestGateway;
let ingest: IngestClient;
beforeAll(async () => {
  gateway = await startGateway();
  ingest = ingestClient(gateway);
});

type Said = Partial<Omit<RecordInvocationInput, 'id'>>;

/** Sends messages about one invocation one after the other; gives it as it ends, with its targets. */
async function sendInTurn(...messages: Said[]) {
  const id = randomUUID();
  for (const message of messages) await ingest.invocation(anInvocation({ ...message, id }));
  const where = { invocationId: id };
  return {
    ...(await gateway.db.prisma.invocation.findFirstOrThrow({ where: { id } })),
    targets: await gateway.db.prisma.target.findMany({ where, orderBy: { label: 'asc' } }),
  };
}

function target(label: string, status: TargetInput['status'], said: Partial<TargetInput> = {}) {
  return { label, status, ...said };
}

test('the same invocation twice is stored once', async () => {
  const input = anInvocation({
    command: 'test',
    patterns: ['//...', '-//slow/...'],
    user: 'ada',
    host: 'box',
    role: 'CI',
    success: false,
    exitCode: 'TESTS_FAILED',
    durationUs: 3_024_000_000_000,
    actionCount: 12,
    tags: ['nightly'],
    runId: 'run',
    parentRunId: 'parent',
    buildMetadata: [{ key: 'ROLE', value: 'CI' }],
    startedAt: '2026-05-10T08:00:00.000Z',
    targets: [target('//a', 'PASSED', { durationUs: 5, tags: ['small'] })],
  });

  const first = await ingest.invocation(input);
  const stored = await gateway.db.prisma.invocation.findFirst({ where: { id: input.id } });
  const second = await ingest.invocation({ ...input, id: input.id.toUpperCase() });

  expect([first.created, second.created]).toEqual([true, false]);
  expect(second.invocation).toEqual(first.invocation);
  expect(await gateway.db.prisma.invocation.findMany({ where: { id: input.id } })).toEqual([
    stored,
  ]);
  expect(first.invocation).toMatchObject({
    patterns: ['//...', '-//slow/...'],
    durationUs: 3_024_000_000_000,
    buildMetadata: { ROLE: 'CI' },
    recordedAt: '2026-05-10T08:00:00.000Z',
  });
});

test('what is absent keeps its value, and what is said replaces it', async () => {
  const stored = await sendInTurn(
    { status: 'PARTIAL', command: 'test', host: 'box', tags: ['a'] },
    { status: 'COMPLETE', success: true, host: 'other', durationUs: 7 },
  );

  expect(stored).toMatchObject({
    status: 'COMPLETE',
    command: 'test',
    host: 'other',
    tags: ['a'],
    success: true,
    durationUs: 7n,
  });
});

describe('a late message', () => {
  test('with a lower sequence number only fills gaps', async () => {
    const stored = await sendInTurn(
      { sequenceNumber: 9, status: 'PARTIAL', host: 'new' },
      { sequenceNumber: 3, status: 'PARTIAL', host: 'old', user: 'ada', patterns: ['//...'] },
    );

    expect(stored).toMatchObject({
      host: 'new',
      user: 'ada',
      patterns: ['//...'],
      sequenceNumber: 9n,
    });
  });

  test('that says the stream is open does not open it again', async () => {
    const stored = await sendInTurn(
      { status: 'DISCONNECTED', host: 'box' },
      {
        status: 'PARTIAL',
        sequenceNumber: 4,
        host: 'other',
        buildMetadata: [{ key: 'a', value: 'b' }],
      },
    );

    expect(stored).toMatchObject({
      status: 'DISCONNECTED',
      host: 'box',
      buildMetadata: { a: 'b' },
    });
  });

  test('about a target adds to it, and takes nothing back', async () => {
    const { targets } = await sendInTurn(
      {
        sequenceNumber: 9,
        targets: [target('//a', 'FLAKY', { durationUs: 9 }), target('//b', 'BUILT')],
      },
      {
        sequenceNumber: 4,
        targets: [
          target('//a', 'FAILED', { durationUs: 4, ruleType: 'sh_test', tags: ['small'] }),
          target('//b', 'BUILDING'),
          target('//c', 'PASSED'),
        ],
      },
    );

    expect(targets).toMatchObject([
      { label: '//a', status: 'FLAKY', durationUs: 9n, ruleType: 'sh_test', tags: ['small'] },
      { label: '//b', status: 'BUILT' },
      { label: '//c', status: 'PASSED' },
    ]);
  });
});

test('messages end in the same rows in whatever order they come', async () => {
  const started: Said = {
    sequenceNumber: 1,
    status: 'PARTIAL',
    command: 'test',
    patterns: ['//...'],
    targets: [target('//a', 'BUILDING', { ruleType: 'sh_test' })],
  };
  const built: Said = {
    sequenceNumber: 2,
    status: 'PARTIAL',
    host: 'box',
    targets: [target('//a', 'BUILT')],
  };
  const ended: Said = {
    sequenceNumber: 3,
    status: 'COMPLETE',
    success: true,
    targets: [target('//a', 'PASSED', { durationUs: 5 })],
  };

  const rows = await Promise.all([
    sendInTurn(started, built, ended),
    sendInTurn(started, ended, built),
    sendInTurn(built, started, ended),
    sendInTurn(built, ended, started),
    sendInTurn(ended, started, built),
    sendInTurn(ended, built, started),
  ]);

  const expected = {
    sequenceNumber: 3n,
    status: 'COMPLETE',
    command: 'test',
    patterns: ['//...'],
    host: 'box',
    success: true,
    targets: [{ label: '//a', status: 'PASSED', ruleType: 'sh_test', durationUs: 5n }],
  };
  expect(rows).toMatchObject(rows.map(() => expected));
});

test('a bad target is rejected with its label and reason, and the good ones are stored', async () => {
  const input = anInvocation({
    targets: [
      target('//good', 'PASSED'),
      target('', 'PASSED'),
      target('//slow', 'PASSED', { durationUs: -5 }),
      target(`//${'x'.repeat(511)}`, 'PASSED'),
    ],
  });

  const { rejected } = await ingest.invocation(input);

  const path = (index: number, field: string) => ['input', 'targets', String(index), field];
  expect(rejected).toEqual([
    { index: 1, name: '', path: path(1, 'label'), reason: 'must not be empty' },
    { index: 2, name: '//slow', path: path(2, 'durationUs'), reason: 'must not be negative' },
    {
      index: 3,
      name: `//${'x'.repeat(510)}`,
      path: path(3, 'label'),
      reason: 'must be at most 512 characters',
    },
  ]);
  const stored = await gateway.db.prisma.target.findMany({ where: { invocationId: input.id } });
  expect(stored.map(({ label }) => label)).toEqual(['//good']);
});

test('of one target twice in a request the last is stored', async () => {
  const { targets } = await sendInTurn({
    targets: [target('//a', 'FAILED'), target('//a', 'FLAKY')],
  });

  expect(targets).toMatchObject([{ label: '//a', status: 'FLAKY' }]);
});

test('an invocation without targets, or with none, is stored', async () => {
  const [silent, empty] = await Promise.all([sendInTurn({}), sendInTurn({ targets: [] })]);

  expect([silent.targets, empty.targets]).toEqual([[], []]);
});

test('everything wrong with it is said at once, with its path', async () => {
  const { issues } = await ingest.refusal('recordInvocation', {
    id: 'x',
    status: 'COMPLETE',
    command: 'x'.repeat(513),
    role: 'x'.repeat(65),
    durationUs: -1,
    buildMetadata: [{ key: '', value: 'x'.repeat(10_001) }],
    startedAt: '1969-12-31T23:59:59Z',
  });

  expect(issues).toEqual([
    { path: ['input', 'id'], message: 'must be a UUID' },
    { path: ['input', 'command'], message: 'must be at most 512 characters' },
    { path: ['input', 'role'], message: 'must be at most 64 characters' },
    { path: ['input', 'durationUs'], message: 'must not be negative' },
    { path: ['input', 'buildMetadata', '0', 'key'], message: 'must not be empty' },
    {
      path: ['input', 'buildMetadata', '0', 'value'],
      message: 'must be at most 10000 characters',
    },
    { path: ['input', 'startedAt'], message: 'must not be before 1970' },
  ]);
});

test('text that Postgres cannot hold is stored with a replacement, in metadata too', async () => {
  const stored = await sendInTurn({
    buildMetadata: [{ key: 'k\0', value: '\ud800' }],
    patterns: ['//\0'],
    targets: [target('//a\0', 'PASSED')],
  });

  expect(stored).toMatchObject({
    buildMetadata: { 'k\ufffd': '\ufffd' },
    patterns: ['//\ufffd'],
    targets: [{ label: '//a\ufffd' }],
  });
});

test('two tenants can have an invocation with the same id', async () => {
  const input = anInvocation({ host: 'ours' });
  const other = await gateway.createOrganization();

  await ingest.invocation(input);
  const theirs = await ingestClient(gateway, other.key).invocation({ ...input, host: 'theirs' });
  const ours = await ingest.invocation({ ...input, host: null });

  expect(theirs).toMatchObject({ created: true, invocation: { host: 'theirs' } });
  expect(ours.invocation.host).toBe('ours');
});

test('20 requests that write the same targets in different orders all end', async () => {
  const id = randomUUID();
  const targets = Array.from({ length: 50 }, (_, index) => target(`//t${index}`, 'PASSED'));

  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, shift) =>
      ingest.invocation(
        anInvocation({
          id,
          repository,
          targets: [...targets.slice(shift), ...targets.slice(0, shift)],
        }),
      ),
    ),
  );

  expect(answers.filter(({ created }) => created)).toHaveLength(1);
  expect(await gateway.db.prisma.target.count({ where: { invocationId: id } })).toBe(50);
});
