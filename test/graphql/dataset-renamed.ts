import type { Dataset } from './dataset.ts';

/** Words that people and CI systems choose. Ids, enums and numbers stay as they are. */
const words = new Set([
  'jobName',
  'jobDisplayName',
  'branch',
  'commitSha',
  'treeSha',
  'cause',
  'source',
  'instance',
  'externalRunId',
  'triggeredBy',
  'agentName',
  'key',
  'buildUrl',
  'command',
  'user',
  'host',
  'role',
  'suite',
  'className',
  'name',
  'file',
  'variant',
  'codeState',
  'runId',
  'parentRunId',
  'currentJob',
  'message',
  'tool',
  'format',
  'provider',
  'url',
]);

/**
 * Gives a dataset with the same ids, other words and other tests that are flaky, so that rows that get
 * mixed up show.
 */
export function renamed(dataset: Dataset, whose: string): Dataset {
  const rename = (row: object) =>
    Object.fromEntries(
      Object.entries(row).map(([field, value]) => [field, renameOne(field, value, whose)]),
    );
  const repositories = dataset.Repository.map((row) => ({
    ...row,
    owner: `Acme-${whose}`,
    slug: `acme-${whose}/${row.name.toLowerCase()}`,
    url: `https://${whose}.example.org`,
  }));
  const models = Object.entries(dataset).map(([model, rows]) => [
    model,
    // A stage's key is a hash, whoever it belongs to.
    (rows as object[]).map((row) =>
      model === 'Stage'
        ? { ...rename(row), ...keyOf(row) }
        : { ...rename(row), ...enumOf(model, row) },
    ),
  ]);
  return {
    ...(Object.fromEntries(models) as Dataset), // fields keep their types
    Repository: repositories,
    FlakyTest: otherFlakyTests(dataset),
  };
}

function otherFlakyTests({ TestCase, FlakyTest }: Dataset): Dataset['FlakyTest'] {
  const flaky = new Set(FlakyTest.map(({ testCaseId }) => testCaseId));
  const healthy = TestCase.filter(({ id }) => !flaky.has(id));
  return healthy.flatMap(({ id: testCaseId, repositoryId }, index) =>
    FlakyTest.slice(index, index + 1).map((row) => ({ ...row, testCaseId, repositoryId })),
  );
}

function renameOne(field: string, value: unknown, whose: string): unknown {
  if (typeof value === 'string' && words.has(field)) return `${value} of ${whose}`;
  if (field === 'patterns' && Array.isArray(value)) return [...(value as unknown[]), whose];
  return value;
}

function keyOf(row: object): object {
  return 'key' in row ? { key: row.key } : {};
}

/** The CI system of a webhook is one of an enum, not a word. */
function enumOf(model: string, row: object): object {
  return model.startsWith('Webhook') && 'provider' in row ? { provider: row.provider } : {};
}
