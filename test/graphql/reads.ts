import type { GraphQLSchema } from 'graphql';
import type { Dataset } from './dataset.ts';
import { filterOracle } from './filter-oracle.ts';
import { globalId, idOf, keySelection, listOf, type Row } from './lists.ts';
import { variables } from './read-page.ts';
import { everything, objectType } from './selections.ts';
import { type ConnectionField, connectionsOf, nodeTypes, pageDocument } from './schema-walk.ts';

/** One request, and what a failing test calls it. */
export interface Request {
  readonly name: string;
  readonly operation: string;
  readonly variables: object;
}

/**
 * Every way to read: each root field, each connection with each order and each field of its filter,
 * each node by its id. The values, names and ids come from the datasets.
 */
export function reads(
  schema: GraphQLSchema,
  own: Dataset,
  datasets: readonly Dataset[],
): Request[] {
  const roots = Object.keys(schema.getQueryType()?.getFields() ?? {});
  const connections = connectionsOf(schema);
  return [
    ...roots.flatMap((root) => readsOfRoot(schema, root, datasets)),
    ...connections.flatMap((connection) => readsOfList(schema, connection, own)),
    ...connections.flatMap((connection) => listsBelow(schema, connection)),
    ...connections
      .filter(({ parent }) => parent === 'Query')
      .flatMap((connection) => datasets.flatMap((dataset) => filtered(connection, dataset))),
  ];
}

/** Ids of all nodes of a dataset, by type. Fails for a type that no dataset has. */
export function nodeIds(schema: GraphQLSchema, dataset: Dataset): ReadonlyMap<string, string[]> {
  const organizationId = dataset.Repository[0]?.organizationId ?? '';
  const rows: Readonly<Record<string, readonly Row[] | undefined>> = {
    ...dataset,
    Organization: [{ id: organizationId }],
  };
  return new Map(
    nodeTypes(schema).map((type) => {
      const found = rows[type] ?? [];
      if (found.length === 0)
        throw new Error(`tests have no data for the node ${type}: add it to dataset.ts`);
      const databaseId = (row: Row) =>
        type === 'Organization' ? organizationId : idOf(type as keyof Dataset, row); // a model's name
      return [type, found.map((row) => globalId(type, databaseId(row)))];
    }),
  );
}

function readsOfRoot(schema: GraphQLSchema, root: string, datasets: readonly Dataset[]): Request[] {
  const ids = () => datasets.flatMap((dataset) => [...nodeIds(schema, dataset)]);
  const names = datasets.flatMap(({ Repository }) => Repository);
  switch (root) {
    case 'node':
      return ids().flatMap(([type, [id]]) => {
        const operation = `query($id: ID!) { node(id: $id) { __typename id ... on ${type} { ${everything(objectType(schema, type))} } } }`;
        return [{ name: `node(id: a ${type})`, operation, variables: { id } }];
      });
    case 'nodes':
      return ids().map(([type, all]) => ({
        name: `nodes(ids: of ${type})`,
        operation: 'query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }',
        variables: { ids: all.slice(0, 100) },
      }));
    case 'repository':
      return names.map(({ owner, name }) => ({
        name: `repository(${owner}, ${name})`,
        operation: `query($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { ${everything(objectType(schema, 'Repository'))} } }`,
        variables: { owner, name },
      }));
    case 'nameFoldingPreview':
      return names.map(({ id, name }) => ({
        name: `nameFoldingPreview(${name})`,
        operation: `query($id: ID!) { nameFoldingPreview(repositoryId: $id, rules: [PORTS, DATES]) {
          groupCount scannedCount isComplete groups { name testCaseCount examples { id name } } } }`,
        variables: { id },
      }));
    case 'agentStatistics':
      return ['ci.example.org', null].map((server) => ({
        name: `agentStatistics(${String(server)})`,
        operation: `query($server: String) { agentStatistics(server: $server, from: "2026-01-01T00:00:00Z", to: "2026-03-01T00:00:00Z", interval: DAY) {
          server buckets { sampleCount busy { average max } } } }`,
        variables: { server },
      }));
    case 'analyticsLag':
      return [{ name: root, operation: '{ analyticsLag { pendingEvents } }', variables: {} }];
    case 'agentQueue': {
      const operation = '{ agentQueue(server: "ci.example.org") { length items { raw } } }';
      return [{ name: 'agentQueue', operation, variables: {} }];
    }
    case 'jobs':
    case 'runnerPrices':
      return [{ name: root, operation: statistics[root], variables: {} }];
    case 'stageStatistics':
      return names.map(({ owner, name }) => ({
        name: `${root}(${owner}/${name})`,
        operation: statistics[root],
        variables: { repository: `${owner}/${name}` },
      }));
    case 'slowestTests':
    case 'compareTests':
    case 'testDurationRegressions':
    case 'coFailureClusters':
      return names.map(({ owner, name }) => ({
        name: `${root}(${owner}/${name})`,
        operation: comparisons[root],
        variables: { repository: `${owner}/${name}` },
      }));
    case 'viewer': {
      const operation = `{ viewer { organization { ${everything(objectType(schema, 'Organization'))} } apiKey { id } } }`;
      return [{ name: 'viewer', operation, variables: {} }];
    }
    default: {
      const isList = connectionsOf(schema).some(({ name }) => name === `Query.${root}`);
      if (!isList)
        throw new Error(`tests do not know Query.${root}: say in reads.ts how it is asked`);
      return [];
    }
  }
}

const january = '{ from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z" }';
const february = '{ from: "2026-02-01T00:00:00Z", to: "2026-03-01T00:00:00Z" }';

/** What is counted of builds, and how it is asked for. */
const statistics = {
  jobs: `{ jobs { totalCount nodes { name repository { name } statistics(window: ${february}) { total { count } } } } }`,
  runnerPrices: '{ runnerPrices { label pricePerMinute currency } }',
  stageStatistics: `query($repository: ID!) { stageStatistics(repository: $repository, window: ${february}) {
    jobName name statistics { total { count durationPercentiles { ms } } } } }`,
} as const;

/** What is worked out of all tests of a repository, and how it is asked for. */
const comparisons = {
  slowestTests: `query($repository: ID!) { slowestTests(repository: $repository, window: ${february}) {
    totalCount nodes { testCase { id name } runCount totalMs meanMs p50Ms p95Ms p99Ms } } }`,
  compareTests: `query($repository: ID!) { compareTests(repository: $repository,
      base: { window: ${january} }, sample: { branch: "main", window: ${february} }) {
    totalCount isComplete nodes { testCase { id name } status base { passed failed } sample { passed failed } } } }`,
  testDurationRegressions: `query($repository: ID!) { testDurationRegressions(repository: $repository,
      base: ${january}, sample: ${february}) {
    totalCount comparedCount candidateCount regressions { testCase { id } } } }`,
  coFailureClusters: `query($repository: ID!) { coFailureClusters(repository: $repository, window: ${february}) {
    totalCount failureCount clusters { testCount buildCount signature tests { id name } } } }`,
} as const;

/** A list in all orders, with all that hangs on its rows. */
function readsOfList(schema: GraphQLSchema, connection: ConnectionField, own: Dataset): Request[] {
  const { model, parentId, orders } = listOf(own, connection);
  // When a key was used last is stored now and then, whoever reads.
  const node = model === 'ApiKey' ? 'id name hint' : everything(objectType(schema, model));
  const selection = `totalCount nodes { ${node} } pageInfo { hasNextPage hasPreviousPage }`;
  const orderings = connection.orderType === null ? [null] : orders;
  return orderings.map((orderBy) => ({
    name: `${connection.name} by ${JSON.stringify(orderBy)}`,
    operation: pageDocument(connection, selection),
    variables: variables(connection, parentId, { first: 50, orderBy }),
  }));
}

/** A root list with each list that hangs on its rows. */
function listsBelow(
  schema: GraphQLSchema,
  { name, parent, field, type }: ConnectionField,
): Request[] {
  if (parent !== 'Query') return [];
  const nested = connectionsOf(schema).filter((each) => each.parent === type);
  return nested.map((below) => ({
    name: `${name} with ${below.name}`,
    operation: `{ ${field}(first: 20) { nodes { id ${below.field}(first: 10) {
      totalCount pageInfo { hasNextPage } nodes { ${everything(objectType(schema, below.type))} } } } } }`,
    variables: {},
  }));
}

/** A root list with what each field of its filter can ask for in the words of a dataset. */
function filtered(connection: ConnectionField, dataset: Dataset): Request[] {
  const { model, rows } = listOf(dataset, connection);
  const oracle = filterOracle(dataset)[connection.filter?.name ?? ''] ?? {};
  return Object.keys(connection.filter?.getFields() ?? {}).flatMap((field) => {
    const cases = oracle[field]?.(rows);
    if (cases === undefined)
      throw new Error(
        `tests do not know ${connection.name}(filter: {${field}}): say in filter-oracle.ts`,
      );
    return cases.slice(0, 3).map(({ value }) => ({
      name: `${connection.name}(filter: {${field}: ${JSON.stringify(value)}})`,
      operation: pageDocument(connection, `totalCount nodes { ${keySelection(model)} }`),
      variables: variables(connection, null, { first: 50, filter: { [field]: value } }),
    }));
  });
}
