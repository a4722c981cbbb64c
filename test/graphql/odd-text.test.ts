import { beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { ask, type Answered } from './ask.ts';
import { ingestInputs, ingestMutations, ingestNames } from './operations.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const base64 = (text: string) => Buffer.from(text).toString('base64url');

/** Everything a caller's text can stand in, as operation and variables. */
const places: readonly [string, string, (text: string) => object][] = [
  [
    'a filter',
    'query($t: String!) { builds(filter: { text: $t, branch: [$t], repository: $t, commitSha: $t }) { totalCount } }',
    (t) => ({ t }),
  ],
  [
    'a filter of tests',
    'query($t: String!) { testCases(filter: { text: $t }) { totalCount } }',
    (t) => ({ t }),
  ],
  [
    'an id of a filter',
    'query($t: ID!) { builds(filter: { repositoryId: $t }) { totalCount } }',
    (t) => ({ t }),
  ],
  ['a name', 'query($t: String!) { repository(owner: $t, name: $t) { id } }', (t) => ({ t })],
  ['an id', 'query($t: ID!) { node(id: $t) { id } }', (t) => ({ t })],
  [
    'an id that looks like one',
    'query($t: ID!) { node(id: $t) { id } }',
    (t) => ({ t: base64(`Build:${t}`) }),
  ],
  ['the type of an id', 'query($t: ID!) { node(id: $t) { id } }', (t) => ({ t: base64(`${t}:x`) })],
  ['ids', 'query($t: ID!) { nodes(ids: [$t]) { id } }', (t) => ({ t: base64(`TestResult:${t}`) })],
  ['a cursor', 'query($t: String!) { builds(after: $t) { nodes { id } } }', (t) => ({ t })],
  [
    'a cursor that looks like one',
    'query($t: String!) { builds(before: $t) { nodes { id } } }',
    (t) => ({ t: base64(JSON.stringify(['Build', 'STARTED_AT', t, t])) }),
  ],
  ['the name of a type', 'query($t: String!) { __type(name: $t) { name } }', (t) => ({ t })],
  [
    'a subscription',
    'subscription($t: ID!) { buildUpdated(repositoryId: $t) { id } }',
    (t) => ({ t }),
  ],
  ...ingestNames.map(
    (name) =>
      [
        name,
        ingestMutations[name],
        (t: string) => ({ input: withText(ingestInputs[name], t) }),
      ] as [string, string, (text: string) => object],
  ),
];

/** The same input with all its texts replaced. */
function withText(input: unknown, text: string): unknown {
  if (Array.isArray(input)) return input.map((item) => withText(item, text));
  if (typeof input !== 'object' || input === null) return input;
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name,
      typeof value === 'string' && name !== 'status' ? text : withText(value, text),
    ]),
  );
}

/** Codes of what a caller can mend; `none` for an answer without errors. */
const mendable = ['none', 'BAD_USER_INPUT', 'NOT_FOUND'];
const codesOf = ({ errors = [] }: Answered) =>
  errors.length === 0 ? ['none'] : errors.map(({ extensions }) => extensions?.['code']);

test.each([
  ['U+0000', 'a\u0000b'],
  ['a lone surrogate', 'a\ud800b'],
  ['half an emoji at the end', '\ud83c'],
  ['nothing', ''],
  ['a line break', 'a\r\nb'],
  ['what LIKE looks for', '%_\\'],
  ['what SQL looks for', `'"; DROP TABLE builds; --`],
  ['the name of a prototype', '__proto__'],
  ['two million letters', 'x'.repeat(2_000_000)],
])('text that is %s is taken or refused in words, wherever it stands', async (_what, text) => {
  for (const [place, query, variables] of places) {
    const answer = await ask(gateway, query, { variables: variables(text) });

    expect([place, answer.status < 500]).toEqual([place, true]);
    for (const code of codesOf(answer))
      expect([place, mendable]).toEqual([place, expect.arrayContaining([code])]);
  }
  expect(gateway.logs().filter(({ level }) => Number(level) >= 40)).toEqual([]);
});

test.each([
  ['U+0000', '\u0000'],
  ['a lone surrogate', '\ud800'],
  ['two million letters', 'x'.repeat(2_000_000)],
])('a document, an operation name and a key with %s are refused', async (_what, text) => {
  const document = await ask(gateway, `{ a${text} }`);
  const name = await ask(gateway, '{ __typename }', { operationName: text });

  expect(document.status).toBe(400);
  expect(name.status).toBe(400);
  expect(JSON.stringify(document).length).toBeLessThan(1_000);
});

test('text comes back as it was sent, but for what Postgres cannot hold', async () => {
  const branch = 'Ünïcode 🏃 a\u0000b c\ud800d \r\n\t"quotes"';
  const input = { ...ingestInputs.recordBuild, branch };
  await gateway.graphql(ingestMutations.recordBuild, { input });

  const { data } = await ask(gateway, '{ builds { nodes { branch } } }');

  expect(data).toEqual({
    builds: { nodes: [{ branch: 'Ünïcode 🏃 a\ufffdb c\ufffdd \r\n\t"quotes"' }] },
  });
});
