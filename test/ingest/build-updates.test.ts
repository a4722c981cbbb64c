import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RecordBuildInput } from '../generated/graphql.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { aBuild, type IngestClient, ingestClient } from './ingest-client.ts';

let gateway: TestGateway;
let ingest: IngestClient;
beforeAll(async () => {
  gateway = await startGateway();
  ingest = ingestClient(gateway);
});

/** Sends messages about one build one after the other; gives the build as it ends. */
async function sendInTurn(messages: readonly Partial<RecordBuildInput>[]) {
  const id = randomUUID();
  let last = await ingest.build(aBuild({ ...messages[0], id }));
  for (const message of messages.slice(1)) last = await ingest.build(aBuild({ ...message, id }));
  return last.build;
}

describe('what is said later', () => {
  test('leaves what it does not mention as it was', async () => {
    const full = {
      jobDisplayName: 'Unit tests',
      number: 17,
      statusRaw: 'passed',
      durationMs: 1000,
      queueDurationMs: 20,
      startedAt: '2026-03-02T10:00:00.000Z',
      completedAt: '2026-03-02T10:00:01.000Z',
      branch: 'main',
      commitSha: 'c'.repeat(40),
      treeSha: 'd'.repeat(40),
      pullRequest: 3,
      cause: 'push',
      source: 'github-actions',
      instance: 'https://ci.example',
      url: 'https://ci.example/17',
      jobUrl: 'https://ci.example/job',
      externalRunId: '99',
      attempt: 1,
      triggeredBy: 'ada',
      agentName: 'runner 1',
      agentLabels: ['linux', 'x64'],
    };

    const first = await sendInTurn([full]);
    const build = await sendInTurn([full, { statusRaw: 'passed' }]);

    const own = { id: build.id, databaseId: build.databaseId };
    const times = { createdAt: build.createdAt, updatedAt: build.updatedAt };
    expect(build).toEqual({ ...first, ...own, ...times });
    expect(build).toMatchObject(full);
  });

  test('and is the same as before does not change the build', async () => {
    const input = aBuild({ branch: 'main', startedAt: '2026-03-02T10:00:00.000Z' });

    const first = await ingest.build(input);
    const again = await ingest.build(input);

    expect(again.build).toEqual(first.build);
  });

  test('replaces what it mentions', async () => {
    const build = await sendInTurn([
      { status: 'FAILURE', branch: 'old', agentLabels: ['a'] },
      { status: 'SUCCESS', branch: 'new', agentLabels: ['b'] },
    ]);

    expect(build).toMatchObject({ status: 'SUCCESS', branch: 'new', agentLabels: ['b'] });
  });

  test('keeps its own word for the status', async () => {
    const named = await sendInTurn([{ status: 'ABORTED', statusRaw: 'canceled' }]);
    const unnamed = await sendInTurn([{ status: 'ABORTED' }]);

    expect([named.statusRaw, unnamed.statusRaw]).toEqual(['canceled', 'ABORTED']);
  });
});

describe('a build that has ended', () => {
  test('does not run again when a late message says that it runs, which fills gaps only', async () => {
    const build = await sendInTurn([
      { status: 'FAILURE', statusRaw: 'failed', durationMs: 500 },
      { status: 'IN_PROGRESS', statusRaw: 'running', durationMs: 100, agentLabels: ['linux'] },
    ]);

    expect(build).toMatchObject({
      status: 'FAILURE',
      statusRaw: 'failed',
      durationMs: 500,
      agentLabels: ['linux'],
    });
  });

  test('runs again when its attempt grows, without the end of the attempt before', async () => {
    const build = await sendInTurn([
      { attempt: 1, status: 'FAILURE', durationMs: 5, completedAt: '2026-03-02T10:00:00.000Z' },
      { attempt: 2, status: 'IN_PROGRESS' },
    ]);

    expect(build).toMatchObject({
      attempt: 2,
      status: 'IN_PROGRESS',
      durationMs: null,
      completedAt: null,
    });
  });

  test('counts as the first attempt when it names none', async () => {
    const restarted = await sendInTurn([
      { status: 'FAILURE' },
      { attempt: 2, status: 'IN_PROGRESS' },
    ]);
    const late = await sendInTurn([{ status: 'FAILURE' }, { attempt: 1, status: 'IN_PROGRESS' }]);

    expect([restarted.status, late.status]).toEqual(['IN_PROGRESS', 'FAILURE']);
  });
});

test('a build that runs does not wait again', async () => {
  const build = await sendInTurn([{ status: 'IN_PROGRESS' }, { status: 'QUEUED' }]);

  expect(build.status).toBe('IN_PROGRESS');
});

test('an older attempt only fills gaps, and none with its own end', async () => {
  const build = await sendInTurn([
    { attempt: 2, status: 'IN_PROGRESS', agentName: 'second' },
    {
      attempt: 1,
      status: 'FAILURE',
      statusRaw: 'failed',
      agentName: 'first',
      branch: 'main',
      durationMs: 5,
      completedAt: '2026-03-02T10:00:00.000Z',
    },
  ]);

  expect(build).toMatchObject({
    attempt: 2,
    status: 'IN_PROGRESS',
    statusRaw: 'IN_PROGRESS',
    agentName: 'second',
    branch: 'main',
    durationMs: null,
    completedAt: null,
  });
});

/**
 * An honest CI: what is true of the run is the same in every message that mentions it; what is true of an
 * attempt is the same in every message of that attempt, and its last message says all of it.
 */
const history = fc
  .record({
    run: fc.record({
      branch: fc.constant('main'),
      commitSha: fc.constant('c'.repeat(40)),
      treeSha: fc.constant('d'.repeat(40)),
      number: fc.constant(17),
      cause: fc.constant('push'),
      source: fc.constant('github'),
      url: fc.constant('https://ci.example/17'),
      agentLabels: fc.constant('linux').map((label) => [label]),
    }),
    attempts: fc.array(
      fc.record({
        end: fc.constantFrom('SUCCESS' as const, 'FAILURE' as const, 'ABORTED' as const, null),
        durationMs: fc.nat(),
        startedAt: fc
          .integer({ min: 1_700_000_000, max: 1_760_000_000 })
          .map((seconds) => new Date(seconds * 1000).toISOString()),
        agentName: fc.constantFrom('runner 1', 'runner 2'),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    silent: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
  })
  .map(({ run, attempts, silent }) =>
    attempts.flatMap(({ end, durationMs, startedAt, agentName }, index): Message[] => {
      const attempt = index + 1;
      const said = Object.fromEntries(
        Object.entries(run).filter((_, place) => silent[(place + index) % 8]),
      );
      const running: Message = { ...said, attempt, status: 'IN_PROGRESS', startedAt, agentName };
      const queued: Message = { ...running, status: 'QUEUED' };
      const completedAt = new Date(Date.parse(startedAt) + durationMs).toISOString();
      return end === null
        ? [queued, running]
        : [queued, running, { ...running, ...run, status: end, durationMs, completedAt }];
    }),
  );

type Message = Omit<RecordBuildInput, 'jobName'>;

test('messages about a build end in the same row in any order, with any of them repeated', async () => {
  await fc.assert(
    fc.asyncProperty(
      history.chain((messages) =>
        fc.record({
          ordered: fc.constant(messages),
          shuffled: fc
            .shuffledSubarray(messages, { minLength: messages.length })
            .chain((order) => fc.subarray(messages).map((repeated) => [...order, ...repeated])),
        }),
      ),
      async ({ ordered, shuffled }) => {
        const [expected, actual] = await Promise.all([sendInTurn(ordered), sendInTurn(shuffled)]);

        // Its place in time is fixed when it is first seen, for results to stand on.
        const { id, databaseId, recordedAt, createdAt, updatedAt } = expected;
        expect({ ...actual, id, databaseId, recordedAt, createdAt, updatedAt }).toEqual(expected);
      },
    ),
    { numRuns: 25 },
  );
});

test('messages about a build at once end as one after the other', async () => {
  const messages: Message[] = [
    { attempt: 1, status: 'QUEUED' },
    { attempt: 1, status: 'IN_PROGRESS', agentName: 'runner 1' },
    { attempt: 1, status: 'FAILURE', durationMs: 10, agentName: 'runner 1' },
    { attempt: 2, status: 'IN_PROGRESS', agentName: 'runner 2' },
    { attempt: 2, status: 'SUCCESS', durationMs: 20, agentName: 'runner 2' },
  ];
  const id = randomUUID();

  await Promise.all(
    [...messages, ...messages, ...messages].map((said) => ingest.build(aBuild({ ...said, id }))),
  );

  const { build } = await ingest.build(aBuild({ id, attempt: 1, status: 'QUEUED' }));
  const end = { attempt: 2, status: 'SUCCESS', durationMs: 20, agentName: 'runner 2' };
  expect(build).toMatchObject(end);
});
