import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { tagKey } from '../../src/domain/tags.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { newTriage } from './triage-client.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

interface Answer {
  readonly testCases: readonly { readonly name: string; readonly tags: readonly string[] }[];
}

test('tags are told apart without regard to letter case and blanks, and stay as first written', async () => {
  const { run, idOf, decide } = await newTriage(gateway);
  await run('one', 'PASSED');
  await run('two', 'PASSED');
  const testCaseIds = [await idOf('one'), await idOf('two'), await idOf('one')];

  await decide('tagTest', { testCaseIds, tags: [' Checkout ', 'team: Ärger', 'CHECKOUT'] });
  const again = await decide<Answer>('tagTest', { testCaseIds, tags: ['checkout', 'api'] });
  const fewer = await decide<Answer>('untagTest', {
    testCaseIds: testCaseIds.slice(0, 1),
    tags: ['TEAM: ÄRGER', 'nothing'],
  });

  expect(again.testCases).toEqual(
    ['one', 'two'].map((name) => ({ name, tags: ['api', 'Checkout', 'team: Ärger'] })),
  );
  expect(fewer.testCases).toEqual([{ name: 'one', tags: ['api', 'Checkout'] }]);
});

test('lists of tests and of flaky tests can be asked for by a tag', async () => {
  const { run, idOf, decide, ask } = await newTriage(gateway);
  await run('one', 'FAILED');
  await run('one', 'PASSED');
  await run('two', 'PASSED');
  await gateway.settleAnalytics();
  await decide('tagTest', { testCaseIds: [await idOf('one')], tags: ['Checkout'] });

  const lists = await ask(`{
    testCases(filter: { tag: " cHECKOUT" }) { nodes { name tags } }
    flakyTests(filter: { tag: "checkout" }) { nodes { tags testCase { tags } } }
    none: flakyTests(filter: { tag: "check" }) { totalCount }
  }`);

  expect(lists).toEqual({
    testCases: { nodes: [{ name: 'one', tags: ['Checkout'] }] },
    flakyTests: { nodes: [{ tags: ['Checkout'], testCase: { tags: ['Checkout'] } }] },
    none: { totalCount: 0 },
  });
});

test('a test has at most 50 tags, however many requests bring them at once', async () => {
  const { run, idOf, send, ask } = await newTriage(gateway);
  await run('one', 'PASSED');
  const testCaseIds = [await idOf('one')];
  const tags = (word: string) => Array.from({ length: 20 }, (_, index) => `${word} ${index}`);

  const answers = await Promise.all(
    ['a', 'b', 'c'].map((word) => send<Answer>('tagTest', { testCaseIds, tags: tags(word) })),
  );

  const refused = answers.filter((answer) => 'message' in answer);
  expect(refused).toMatchObject([{ __typename: 'ValidationError' }]);
  const lists = await ask<{ testCases: { nodes: Answer['testCases'] } }>(
    '{ testCases { nodes { name tags } } }',
  );
  expect(lists.testCases.nodes[0]?.tags).toHaveLength(40);
});

test.each([
  [{ tags: [' '] }, 'must not be empty'],
  [{ tags: ['x'.repeat(65)] }, 'must be at most 64 characters'],
  [{ tags: [] }, 'must name at least one tag'],
  [{ testCaseIds: [] }, 'must name at least one test case'],
])('tags that break a rule are refused: %j', async (wrong, message) => {
  const { run, idOf, send } = await newTriage(gateway);
  await run('one', 'PASSED');

  const answer = await send('tagTest', {
    testCaseIds: [await idOf('one')],
    tags: ['fine'],
    ...wrong,
  });

  expect(answer).toMatchObject({ issues: [{ message }] });
});

test('what tells tags apart does so however often it is worked out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (tag) => {
      expect(tagKey(` ${tagKey(tag)} `)).toBe(tagKey(tag));
    }),
  );
});
