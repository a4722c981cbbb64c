import { beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import {
  type Answer,
  pageOf,
  question,
  sendingBuilds,
  sendingSubmissions,
  type Upload,
  uploads,
} from './worked-example.ts';

let gateway: TestGateway;

/** When the example asks. */
const now = () => new Date('2026-05-17T12:00:00Z');
const fortnight = { from: '2026-05-03T12:00:00Z', to: '2026-05-17T12:00:00Z' };
const days = { from: '2026-05-04T00:00:00Z', to: '2026-05-18T00:00:00Z' };

const scores = {
  disruptiveness: 0.375,
  disruptionCount: 3,
  resultCount: 8,
  passedCount: 4,
  failedCount: 4,
  transitionCount: 6,
  flipRate: 6 / 7,
  failureRate: 0.5,
  passRate: 0.5,
  firstDisruptionAt: '2026-05-10T08:00:00.000Z',
  lastDisruptionAt: '2026-05-17T10:00:00.000Z',
  resultTimeMs: 1900,
  averageDurationMs: 237.5,
};

beforeAll(async () => {
  gateway = await startGateway();
});

test.each([
  ['that is no whole days', fortnight],
  ['of whole days', days],
])('the worked example gives exactly its numbers in a window %s', async (_name, window) => {
  const { key, send } = await organization(sendingBuilds);
  await inTurn(uploads, send);
  await gateway.settleAnalytics(now);

  const { flakyTest, flakiness } = await ask(key, window);

  expect(flakyTest).toMatchObject({
    state: 'FLAKY',
    disruptorType: 'FLAKY',
    testCase: { suite: 'auth', className: 'AuthTest', name: 'test_login' },
    scores: { ...scores, buildsBroken: 3, buildTimeMs: 180_000 },
    latestNegativeResult: {
      recordedAt: '2026-05-17T10:00:00.000Z',
      commitSha: 'c6',
      message: 'failed in 9001/attempts/1',
      build: { url: pageOf(numbered(8)) },
    },
    latestPositiveResult: {
      recordedAt: '2026-05-16T14:30:00.000Z',
      commitSha: 'c5',
      message: null,
      build: { url: pageOf(numbered(7)) },
    },
    disruptions: {
      totalCount: 3,
      nodes: [8, 4, 1].map((number) => ({
        recordedAt: numbered(number).at,
        commitSha: numbered(number).commit,
        result: { status: 'FAILED' },
      })),
    },
    recentResults: {
      totalCount: 8,
      nodes: [8, 7, 6].map((number) => ({ recordedAt: numbered(number).at })),
    },
  });
  expect(flakiness).toEqual({
    percent: 37.5,
    buildCount: 8,
    disruptedBuildCount: 3,
    disruptionCount: 3,
    timeLostMs: 180_000,
    flakyCount: 1,
    brokenCount: 0,
  });
});

test('the worked example gives its numbers when uploads name pages of builds nobody told of', async () => {
  const { key, send } = await organization(sendingSubmissions);
  await inTurn(uploads, send);
  await gateway.settleAnalytics(now);

  const { flakyTest, flakiness } = await ask(key, fortnight);

  expect(flakyTest).toMatchObject({
    scores: { ...scores, buildsBroken: 0, buildTimeMs: 0 },
    latestNegativeResult: { build: null, submission: { buildUrl: pageOf(numbered(8)) } },
    latestPositiveResult: { build: null, submission: { buildUrl: pageOf(numbered(7)) } },
  });
  expect(flakiness).toMatchObject({ percent: 37.5, buildCount: 8, timeLostMs: 0 });
});

test('a week later the first two results have left the window', async () => {
  const { key, send } = await organization(sendingBuilds);
  await inTurn(uploads, send);
  await gateway.settleAnalytics(now);

  const { flakyTest } = await ask(key, {
    from: '2026-05-10T08:30:00Z',
    to: '2026-05-24T08:30:00Z',
  });

  expect(flakyTest['scores']).toMatchObject({
    disruptiveness: 2 / 6,
    disruptionCount: 2,
    resultCount: 6,
    firstDisruptionAt: '2026-05-14T10:00:00.000Z',
  });
});

test('the order in which uploads come, and how often, makes no difference', async () => {
  const inOrder = await organization(sendingBuilds);
  await inTurn(uploads, inOrder.send);
  const reversed = await organization(sendingBuilds);
  await inTurn(uploads.toReversed(), reversed.send);
  const repeated = await organization(sendingBuilds);
  for (const upload of [...uploads, ...uploads]) {
    await repeated.send(upload);
    await gateway.settleAnalytics(now);
  }
  const concurrent = await organization(sendingBuilds);
  await Promise.all([...uploads, ...uploads.toReversed()].map(concurrent.send));
  await gateway.settleAnalytics(now);

  const [expected, ...others] = await Promise.all(
    [inOrder, reversed, repeated, concurrent].map(async ({ key }) => {
      const { flakyTest, flakiness } = await ask(key, fortnight);
      const { transitions: _log, ...known } = flakyTest; // how it came to be known differs
      return { known, flakiness };
    }),
  );

  expect(others).toEqual([expected, expected, expected]);
});

function numbered(number: number): Upload {
  const found = uploads[number - 1];
  if (found === undefined) throw new Error(`there is no #${String(number)}`);
  return found;
}

async function organization(sending: typeof sendingBuilds) {
  const { key } = await gateway.createOrganization();
  return { key, send: sending(gateway, key) };
}

async function inTurn(sent: readonly Upload[], send: (upload: Upload) => Promise<void>) {
  for (const upload of sent) await send(upload);
}

async function ask(key: string, window: object) {
  const { data, errors } = await gateway.graphql<Answer>(question, { window }, key);
  if (data == null || errors !== undefined) throw new Error(JSON.stringify(errors));
  const [flakyTest] = data.flakyTests.nodes;
  const [repository] = data.repositories.nodes;
  if (flakyTest === undefined || data.flakyTests.nodes.length > 1) {
    throw new Error(`not one flaky test: ${JSON.stringify(data)}`);
  }
  return { flakyTest, flakiness: repository?.flakiness };
}
