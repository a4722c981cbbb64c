import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { failedAt, passedAt, retried, send } from './retried-runs.ts';
import { type Receiver, type Source, startReceiver } from './start-receiver.ts';

let receiver: Receiver;
let source: Source;
beforeAll(async () => {
  receiver = await startReceiver();
  source = await receiver.createSource('GITHUB');
});

const repository = {
  full_name: 'acme/widgets',
  html_url: 'https://github.com/acme/widgets',
  default_branch: 'main',
};

interface Message {
  readonly event: string;
  readonly payload: object;
}

function aRunEvent(id: number, action: string, said: object): Message {
  const payload = {
    action,
    repository,
    workflow: { name: 'CI', path: '.github/workflows/ci.yml' },
    workflow_run: {
      id,
      name: 'CI',
      run_number: 7,
      run_attempt: 1,
      event: 'push',
      head_branch: 'main',
      head_sha: 'a'.repeat(40),
      html_url: `https://github.com/acme/widgets/actions/runs/${id}`,
      run_started_at: '2026-03-02T10:00:00Z',
      created_at: '2026-03-02T10:00:00Z',
      updated_at: '2026-03-02T10:05:00Z',
      ...said,
    },
  };
  return { event: 'workflow_run', payload };
}

function aJobEvent(id: number, action: string, said: object): Message {
  const payload = {
    action,
    repository,
    workflow_job: {
      id: id * 10,
      run_id: id,
      run_attempt: 1,
      workflow_name: 'CI',
      name: 'test',
      head_branch: 'main',
      created_at: '2026-03-02T10:00:01Z',
      started_at: '2026-03-02T10:00:05Z',
      completed_at: null,
      conclusion: null,
      runner_name: 'runner 1',
      labels: ['linux'],
      steps: [],
      ...said,
    },
  };
  return { event: 'workflow_job', payload };
}

function everyEventOf(id: number): Message[] {
  return [
    aRunEvent(id, 'requested', { status: 'queued', conclusion: null }),
    aRunEvent(id, 'in_progress', { status: 'in_progress', conclusion: null }),
    aRunEvent(id, 'completed', { status: 'completed', conclusion: 'success' }),
    aJobEvent(id, 'queued', { status: 'queued' }),
    aJobEvent(id, 'in_progress', { status: 'in_progress' }),
    aJobEvent(id, 'completed', {
      status: 'completed',
      conclusion: 'failure',
      completed_at: '2026-03-02T10:04:05Z',
    }),
  ];
}

let lastRun = 7_000_000_000;

async function buildsOf(run: number) {
  const { data } = await receiver.graphql<{ builds: { nodes: object[] } }>(
    `query ($run: String) { builds(filter: { externalRunId: $run }) { nodes {
      jobName number status statusRaw durationMs startedAt completedAt instance branch source cause url attempt
      stages { nodes { name order status durationMs queueDurationMs agentName } } } } }`,
    { run: String(run) },
  );
  return data?.builds.nodes;
}

test('the webhooks of a run make one build, in whatever order and how often they come', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }),
      fc.array(fc.nat(5), { maxLength: 4 }),
      fc.boolean(),
      async (order, repeated, isAtOnce) => {
        lastRun += 1;
        const run = lastRun;
        const messages = everyEventOf(run);
        const send = (index: number) =>
          receiver.sendAsGitHub(source, {
            event: messages[index]?.event ?? '',
            payload: messages[index]?.payload,
            delivery: `${run}-${index}`,
          });

        for (const index of isAtOnce ? [] : [...order, ...repeated]) await send(index);
        await Promise.all(isAtOnce ? [...order, ...repeated].map(send) : []);
        await receiver.settle();

        expect(await buildsOf(run)).toEqual([
          {
            jobName: 'CI',
            number: 7,
            status: 'SUCCESS',
            statusRaw: 'success',
            durationMs: 300_000,
            startedAt: '2026-03-02T10:00:00.000Z',
            completedAt: '2026-03-02T10:05:00.000Z',
            instance: 'https://github.com/acme/widgets/actions/workflows/ci.yml',
            branch: 'main',
            source: 'github-actions',
            cause: 'push',
            url: `https://github.com/acme/widgets/actions/runs/${run}`,
            attempt: 1,
            stages: {
              nodes: [
                {
                  name: 'test',
                  order: 0,
                  status: 'FAILURE',
                  durationMs: 240_000,
                  queueDurationMs: 4_000,
                  agentName: 'runner 1',
                },
              ],
            },
          },
        ]);
      },
    ),
    { numRuns: 12 },
  );
}, 120_000);

test.each(retried)(
  'a run of $provider that failed and then passed has passed, in whatever order and how often it is told',
  async ({ provider, event, say, words: [running, failed, passed] }) => {
    const itsSource = await receiver.createSource(provider);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
        fc.array(fc.nat(2), { maxLength: 3 }),
        async (order, repeated) => {
          lastRun += 1;
          const run = lastRun;
          const messages = [
            say(run, failed, failedAt),
            say(run, running, null),
            say(run, passed, passedAt),
          ].map((payload) => JSON.stringify(payload));

          for (const index of [...order, ...repeated]) {
            const body = messages[index] ?? '';
            const response = await send(itsSource, event, body);
            expect(response.status).toBe(200);
            await receiver.settle();
          }

          const builds = await receiver.db.prisma.build.findMany({
            orderBy: { createdAt: 'desc' },
          });
          expect(builds[0]).toMatchObject({
            status: 'SUCCESS',
            statusRaw: passed,
            completedAt: new Date(passedAt),
          });
        },
      ),
      { numRuns: 6 },
    );
  },
  60_000,
);

test('a delivery sent ten times at once is stored and read once', async () => {
  lastRun += 1;
  const [, , completed] = everyEventOf(lastRun);
  const message = {
    event: 'workflow_run',
    delivery: randomUUID(),
    payload: completed?.payload,
  };

  const answers = await Promise.all(
    Array.from({ length: 10 }, () => receiver.sendAsGitHub(source, message)),
  );
  await receiver.settle();

  const ids = await Promise.all(
    answers.map(async (answer) => ((await answer.json()) as { id: string }).id),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  expect(new Set(ids).size).toBe(1);
  expect(
    await receiver.db.prisma.webhookDelivery.findMany({ where: { id: ids[0] ?? '' } }),
  ).toMatchObject([{ attempts: 1, status: 'PROCESSED' }]);
});

test.each([
  ['the action first', ['action', 'webhook']],
  ['the webhook first', ['webhook', 'action']],
] as const)(
  'a run reported by the BuildButler action and by a webhook is one build, with the webhook’s conclusion: %s',
  async (_name, order) => {
    lastRun += 1;
    const run = lastRun;
    const id = randomUUID();
    const send = {
      action: () =>
        receiver.post('/api/v1/ingest/builds', {
          id,
          jobName: 'CI',
          jobUrl: 'https://github.com/acme/widgets/actions/workflows/ci.yml',
          buildNumber: 7,
          status: 'FAILURE',
          duration: 290_000,
          startedAt: '2026-03-02T10:00:00Z',
          completedAt: '2026-03-02T10:04:50Z',
          jenkinsInstanceId: 'https://github.com/acme/widgets/actions/workflows/ci.yml',
          url: `https://github.com/acme/widgets/actions/runs/${run}`,
          source: 'github',
          externalRunId: String(run),
        }),
      webhook: async () => {
        const response = await receiver.sendAsGitHub(source, {
          ...aRunEvent(run, 'completed', { status: 'completed', conclusion: 'success' }),
          delivery: randomUUID(),
        });
        await receiver.settle();
        return response;
      },
    };

    for (const reporter of order) expect((await send[reporter]()).ok).toBe(true);

    expect(await buildsOf(run)).toMatchObject([{ status: 'SUCCESS', durationMs: 300_000 }]);
    const tests = { buildId: id, name: 'suite', totalCount: 0, testCases: [] };
    expect((await receiver.post('/api/v1/ingest/tests', tests)).status).toBe(201);
  },
);
