import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { models } from '../../src/db/columns.ts';
import { schema } from '../../src/graphql/schema.ts';
import { logForm } from '../ingest/build-log-client.ts';
import { multipartForm, type NamedContent, postForm } from '../ingest/upload-files.ts';
import { startGateway, type TestGateway, type TestOrganization } from '../support/start-gateway.ts';
import { type Dataset, makeDataset, store } from './dataset.ts';
import { renamed } from './dataset-renamed.ts';
import { globalId } from './lists.ts';
import type { Names } from './naming-words.ts';
import { namesOf, namingsOf, fileArgument, operationOf } from './namings.ts';
import { nodeIds, type Request, reads } from './reads.ts';

let gateway: TestGateway;
/** Who asks, and what is theirs. */
let asker: TestOrganization;
let own: Dataset;
/** Of another organization: with other ids, and with the very ids that the asker's have. */
let foreign: Dataset;
let twin: Dataset;
/** Nobody's. */
let absent: Dataset;
/** Keys of the owners, by organization. */
const keys = new Map<string, string>();
/** Every read of the asker's, asked while nothing but the asker's data was there. */
const before = new Map<Request, string>();

beforeAll(async () => {
  gateway = await startGateway();
  asker = await gateway.createOrganization();
  const other = await gateway.createOrganization();
  for (const { organizationId, key } of [gateway, asker, other]) keys.set(organizationId, key);
  own = makeDataset({ organizationId: asker.organizationId, seed: 'own' });
  foreign = renamed(
    makeDataset({ organizationId: gateway.organizationId, seed: 'foreign' }),
    'foreign',
  );
  twin = renamed(makeDataset({ ...other, seed: 'own' }), 'twin');
  absent = renamed(makeDataset({ organizationId: randomUUID(), seed: 'absent' }), 'absent');
  await store(gateway.db, own);

  for (const request of reads(schema, own, [own, foreign, twin])) {
    before.set(request, await bytesOf(request));
  }
  await store(gateway.db, foreign);
  await store(gateway.db, twin);
}, 180_000);

test('every read gives the bytes it gave before other organizations had the same ids and names', async () => {
  for (const [request, bytes] of before) expect(await bytesOf(request), request.name).toBe(bytes);
}, 120_000);

test('reads find what is the asker’s and answer without errors, so that their bytes say something', () => {
  const answers = [...before.values()];

  expect(answers.filter((bytes) => bytes.includes('"errors"'))).toEqual([]);
  for (const [type, ids] of nodeIds(schema, own)) {
    const [id = ''] = ids;
    expect(
      answers.some((bytes) => bytes.includes(`{"__typename":"${type}","id":"${id}"`)),
      type,
    ).toBe(true);
  }
});

test.each(['own', 'foreign', 'twin'] as const)(
  'the owner of %s sees every node of it',
  async (whose) => {
    const dataset = { own, foreign, twin }[whose];

    for (const [type, ids] of nodeIds(schema, dataset)) {
      const operation = 'query($ids: [ID!]!) { nodes(ids: $ids) { id } }';
      const { data } = await gateway.graphql(
        operation,
        { ids: ids.slice(0, 100) },
        ownerOf(dataset),
      );

      expect(data, type).toEqual({ nodes: ids.slice(0, 100).map((id) => ({ id })) });
    }
  },
);

test('node and nodes give the same bytes for what is another’s and for what is not there', async () => {
  const one = 'query($id: ID!) { node(id: $id) { __typename id } }';
  const many = 'query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';
  const nobodys = nodeIds(schema, absent);

  for (const [type, all] of nodeIds(schema, foreign)) {
    const ids = all.slice(0, 100);
    const missing = nobodys.get(type)?.slice(0, 100) ?? [];

    expect(await bytesOf({ name: type, operation: many, variables: { ids } }), type).toBe(
      await bytesOf({ name: type, operation: many, variables: { ids: missing } }),
    );
    expect(await bytesOf({ name: type, operation: one, variables: { id: ids[0] } }), type).toBe(
      await bytesOf({ name: type, operation: one, variables: { id: missing[0] } }),
    );
  }
});

const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {});

test.each(mutations)(
  '%s gives the same bytes for what is another’s and for what is not there',
  async (mutation) => {
    const { key } = await gateway.createOrganization();
    const positions = [0, 1, 2];
    const untouched = await contentsOf(foreign);

    for (const position of positions) {
      const [theirs, nobodys] = [namesOf(foreign, position), namesOf(absent, position)];
      const missing = namingsOf(schema, mutation, nobodys);
      for (const [index, { variables, selection }] of namingsOf(
        schema,
        mutation,
        theirs,
      ).entries()) {
        const operation = operationOf(schema, mutation, selection);
        const answer = await sent(mutation, { operation, variables }, key);
        const expected = await sent(
          mutation,
          { operation, variables: missing[index]?.variables ?? {} },
          key,
        );

        expect(anonymous(answer, theirs), JSON.stringify(variables)).toBe(
          anonymous(expected, nobodys),
        );
        expect(answer).not.toContain('INTERNAL_SERVER_ERROR');
      }
    }
    expect(await contentsOf(foreign)).toBe(untouched);
  },
);

const subscriptions = Object.keys(schema.getSubscriptionType()?.getFields() ?? {});

test.each(subscriptions)(
  '%s gives the same bytes for what is another’s and for what is not there',
  async (name) => {
    const operation = `subscription($id: ID!) { ${name}(repositoryId: $id) { __typename } }`;
    const listen = async (id: string) => {
      const headers = { authorization: `Bearer ${asker.key}`, accept: 'text/event-stream' };
      const response = await gateway.post(
        '/graphql',
        { query: operation, variables: { id } },
        headers,
      );
      return `${response.status} ${await response.text()}`;
    };

    for (const toId of [(id: string) => id, (id: string) => globalId('Repository', id)]) {
      const answer = await listen(toId(namesOf(foreign, 0).repositoryId));

      expect(answer).toContain('there is no such repository');
      expect(answer).toBe(await listen(toId(namesOf(absent, 0).repositoryId)));
    }
  },
);

/** The whole answer, as it travels. */
async function bytesOf({ operation, variables }: Request, key = asker.key): Promise<string> {
  const headers = { authorization: `Bearer ${key}` };
  const response = await gateway.post('/graphql', { query: operation, variables }, headers);
  return `${response.status} ${await response.text()}`;
}

/** The whole answer to a mutation; one that takes files gets a report of each kind. */
async function sent(
  mutation: string,
  { operation, variables }: Omit<Request, 'name'>,
  key: string,
): Promise<string> {
  const argument = fileArgument(schema, mutation);
  if (argument === null) return bytesOf({ name: mutation, operation, variables }, key);
  const asked = { query: operation, variables };
  const form = argument === 'files' ? multipartForm(asked, files) : logForm(asked, 'a log');
  const response = await postForm(gateway, form, key);
  return `${response.status} ${await response.text()}`;
}

const files: NamedContent[] = [
  ['junit.xml', '<testsuite name="s"><testcase name="t" time="1"/></testsuite>'],
  ['lcov.info', 'SF:a.ts\nDA:1,1\nend_of_record\n'],
  ['findings.json', '{"findings": [{"severity": "high", "title": "weak"}]}'],
];

function ownerOf({ Repository }: Dataset): string {
  return keys.get(Repository[0]?.organizationId ?? '') ?? '';
}

/** The answer without the names that were asked for: an id may stand in it in two forms. */
function anonymous(bytes: string, { repository, ...names }: Names): string {
  const said = [
    ...Object.values(names),
    globalId('Build', names.build),
    globalId('Invocation', names.invocation),
  ];
  const all = [...said, repository.owner, repository.name].filter((name) => name !== '');
  return all.reduce((text, name) => text.replaceAll(name, '#'), bytes);
}

/** Everything an organization has, as text. */
async function contentsOf({ Repository }: Dataset): Promise<string> {
  const tables = Object.values(models).map(
    ({ table }) => `SELECT '${table}' AS name, (SELECT json_agg(r.t ORDER BY r.t::text) FROM
      (SELECT to_jsonb(x) - 'last_used_at' AS t FROM ${table} x WHERE organization_id = $1) r) AS rows`,
  );
  const { rows } = await gateway.db.pool.query(tables.join(' UNION ALL '), [
    Repository[0]?.organizationId,
  ]);
  return JSON.stringify(rows);
}
