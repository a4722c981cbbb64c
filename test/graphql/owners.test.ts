import { beforeAll, expect, test } from 'vitest';
import { newOwners } from '../ingest/codeowners-client.ts';
import { day } from '../ingest/tests-by-name.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

interface Results {
  readonly testResults: {
    readonly nodes: readonly {
      readonly commitSha: string;
      readonly ownersAtTheTime: readonly string[] | null;
      readonly testCase: { readonly owners: readonly string[] };
    }[];
  };
}

test('a result shows who owned its test when it ran, a test who does now', async () => {
  const { run, record, assign, ask } = await newOwners(gateway);
  await run(['a.ts'], { at: day(1), commitSha: 'before any' });
  await run(['a.ts'], { at: day(3), commitSha: 'between' });
  await run(['a.ts'], { at: day(4), commitSha: 'later branch' });
  await run(['a.ts'], { at: day(5), commitSha: 'nobody' });
  await run(['a.ts'], { at: day(7), commitSha: 'now' });
  await record('* @first', { recordedAt: day(2) });
  await record('/b.ts @other', { commitSha: 'nobody', recordedAt: day(5) });
  await record('* @branch @more', { commitSha: 'later branch', recordedAt: day(6) });
  await assign();

  const { testResults } = await ask<Results>(
    '{ testResults { nodes { ownersAtTheTime commitSha testCase { owners } } } }',
  );

  const owned = testResults.nodes.map((result) => [result.commitSha, result.ownersAtTheTime]);
  expect(Object.fromEntries(owned)).toEqual({
    'before any': null,
    between: ['@first'],
    'later branch': ['@branch', '@more'],
    nobody: [],
    now: ['@branch', '@more'],
  });
  expect(testResults.nodes.map(({ testCase }) => testCase.owners)).toEqual(
    testResults.nodes.map(() => ['@branch', '@more']),
  );
});

test('lists of tests and of flaky tests can be asked for by an owner, in any letter case', async () => {
  const { run, record, assign, ask } = await newOwners(gateway);
  await run(['a.ts', 'b.md'], { status: 'FAILED' });
  await run(['a.ts', 'b.md'], { status: 'PASSED' });
  await gateway.settleAnalytics();
  await record('*.ts @Acme/Code ada@example.com\n*.md @docs');
  await assign();

  const lists = await ask(`{
    testCases(filter: { owner: " @acme/CODE" }) { nodes { file owners } }
    flakyTests(filter: { owner: "ADA@example.com" }) { nodes { owners testCase { file } } }
    both: flakyTests(filter: { owner: "@docs", tag: "none" }) { totalCount }
    none: testCases(filter: { owner: "@acme" }) { totalCount }
  }`);

  const owners = ['@Acme/Code', 'ada@example.com'];
  expect(lists).toEqual({
    testCases: { nodes: [{ file: 'a.ts', owners }] },
    flakyTests: { nodes: [{ owners, testCase: { file: 'a.ts' } }] },
    both: { totalCount: 0 },
    none: { totalCount: 0 },
  });
});

test('the owners of any number of tests and results take as many statements as those of one', async () => {
  const { run, record, assign, ask } = await newOwners(gateway);
  await run(Array.from({ length: 50 }, (_, index) => `${index}.ts`));
  await record('* @one', { recordedAt: day(1) });
  await assign();
  const statementsOf = async (operation: string) => {
    const before = gateway.statements().length;
    await ask(operation);
    return gateway.statements().length - before;
  };
  const operation = (first: number) => `{
    testCases(first: ${first}) { nodes { owners results { nodes { ownersAtTheTime } } } }
    repositories(first: ${first}) { nodes { codeowners { path } } } }`;
  await ask(operation(1));

  const ofOne = await statementsOf(operation(1));
  const ofMany = await statementsOf(operation(50));

  expect(ofMany).toBe(ofOne);
});

test('a node shows its owners as lists do', async () => {
  const { run, record, assign, ask } = await newOwners(gateway);
  await run(['a.ts'], { at: day(2) });
  await record('* @one', { recordedAt: day(1) });
  await assign();
  const { testResults } = await ask<{ testResults: { nodes: { id: string }[] } }>(
    '{ testResults { nodes { id } } }',
  );

  const shown = await ask(
    `query($id: ID!) { node(id: $id) { ... on TestResult {
      ownersAtTheTime testCase { owners repository { codeowners { dialect ruleCount } } } } } }`,
    { id: testResults.nodes[0]?.id },
  );

  const repository = { codeowners: { dialect: 'GITHUB', ruleCount: 1 } };
  expect(shown).toEqual({
    node: { ownersAtTheTime: ['@one'], testCase: { owners: ['@one'], repository } },
  });
});

test('a file says what became of it', async () => {
  const { ask, repository } = await newOwners(gateway);

  const answer = await ask(
    `mutation($input: RecordCodeownersInput!) { recordCodeowners(input: $input) {
      ... on RecordCodeownersPayload { created repository { fullName codeowners { commitSha dialect } } } } }`,
    { input: { repository, content: '* @one', commitSha: 'c0ffee', dialect: 'GITLAB' } },
  );

  expect(answer).toEqual({
    recordCodeowners: {
      created: true,
      repository: {
        fullName: 'acme/widgets',
        codeowners: { commitSha: 'c0ffee', dialect: 'GITLAB' },
      },
    },
  });
});
