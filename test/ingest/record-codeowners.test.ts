import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { assignOwners } from '../../src/ingest/assign-owners.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { newOwners } from './codeowners-client.ts';
import { day } from './tests-by-name.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const codeowners = `repository(owner: "acme", name: "widgets") { codeowners {
  commitSha path dialect recordedAt ruleCount problemCount problems { line message } } }`;

test('the latest file of a repository is shown with what is wrong with it', async () => {
  const { ask, record } = await newOwners(gateway);

  const before = await record('* @old', { commitSha: 'a', recordedAt: day(1) });
  await record('* @one\n!x @two\n', {
    commitSha: 'b',
    recordedAt: day(2),
    path: 'docs/CODEOWNERS',
  });
  const shown = await ask(`{ ${codeowners} }`);

  expect(before).toBe(true);
  expect(shown).toEqual({
    repository: {
      codeowners: {
        commitSha: 'b',
        path: 'docs/CODEOWNERS',
        dialect: 'GITHUB',
        recordedAt: day(2),
        ruleCount: 1,
        problemCount: 1,
        problems: [{ line: 2, message: 'is ignored: GitHub knows no `!`' }],
      },
    },
  });
});

test('a file of one commit is stored once, from the first time on, and its last word counts', async () => {
  const { organizationId, record, ask } = await newOwners(gateway);

  const created = [
    await record('* @one', { commitSha: 'a', recordedAt: day(3), path: 'CODEOWNERS' }),
    await record('* @one', { commitSha: 'a', recordedAt: day(5) }),
    await record('* @two\n* @three', { commitSha: 'a', recordedAt: day(2) }),
  ];

  expect(created).toEqual([true, false, false]);
  expect(await ask(`{ ${codeowners} }`)).toMatchObject({
    repository: { codeowners: { recordedAt: day(2), path: 'CODEOWNERS', ruleCount: 2 } },
  });
  const where = { organizationId };
  expect(await gateway.db.prisma.codeownersVersion.count({ where })).toBe(1);
});

test('without a commit, what the file says already is stored once', async () => {
  const { organizationId, record } = await newOwners(gateway);

  const created = [
    await record('* @one', { recordedAt: day(1) }),
    await record('* @one', { recordedAt: day(1) }),
    await record('* @one'),
    await record('* @two'),
    await record('* @one'),
  ];

  expect(created).toEqual([true, false, false, true, true]);
  const where = { organizationId };
  expect(await gateway.db.prisma.codeownersFile.count({ where })).toBe(2);
});

test('the same file sent at once by many is stored once', async () => {
  const { organizationId, record } = await newOwners(gateway);

  await Promise.all(Array.from({ length: 8 }, () => record('* @one', { commitSha: 'a' })));

  const where = { organizationId };
  expect(await gateway.db.prisma.codeownersVersion.count({ where })).toBe(1);
  expect(await gateway.db.prisma.codeownersFile.count({ where })).toBe(1);
  expect(await gateway.db.prisma.ownerSweep.count({ where })).toBe(1);
});

test.each([
  [null, {}, 'GITHUB'],
  ['github', {}, 'GITHUB'],
  ['GitLab', {}, 'GITLAB'],
  ['gitlab', { dialect: 'GITHUB' as const }, 'GITHUB'],
])(
  'the file of a repository on %s, sent with %j, is read as %s',
  async (provider, input, dialect) => {
    const { ask, record } = await newOwners(gateway, provider);

    await record('* @one', input);

    expect(await ask(`{ ${codeowners} }`)).toMatchObject({
      repository: { codeowners: { dialect } },
    });
  },
);

test('a file that is too large is refused, one that is just not is taken', async () => {
  const { send } = await newOwners(gateway);

  const answers = [
    await send(`#${'x'.repeat(3 * 1024 * 1024 - 1)}`),
    await send(`#${'x'.repeat(3 * 1024 * 1024)}`),
    await send('#\n'.repeat(99_999)),
    await send('#\n'.repeat(100_000)),
    await send('* @one', { recordedAt: '2090-01-01T00:00:00Z' }),
  ];

  expect(answers).toMatchObject([
    { created: true },
    {
      __typename: 'TooLargeError',
      message: 'a CODEOWNERS file must be at most 3 MiB, as on GitHub',
    },
    { created: true },
    { __typename: 'TooLargeError', message: 'a CODEOWNERS file must have at most 100000 lines' },
    { issues: [{ path: ['input', 'recordedAt'], message: 'is more than a day in the future' }] },
  ]);
});

test('tests have owners whether they or the file come first', async () => {
  const { run, record, owners } = await newOwners(gateway);
  const files = ['src/a.ts', 'docs/b.md', 'c.ts'];

  await run(files);
  const without = await owners();
  await record('*.ts @Code\n/src/ @Code @src\n', { recordedAt: day(2) });
  const first = await owners();
  await run(['src/new.ts', '']);
  const second = await owners();
  await record('/src/ team@example.com\n', { recordedAt: day(3) });
  const third = await owners();

  expect(without).toEqual({ 'src/a.ts': [], 'docs/b.md': [], 'c.ts': [] });
  expect(first).toEqual({ 'src/a.ts': ['@Code', '@src'], 'docs/b.md': [], 'c.ts': ['@Code'] });
  expect(second).toEqual({ ...first, 'src/new.ts': ['@Code', '@src'], '': [] });
  expect(third).toEqual({
    'src/a.ts': ['team@example.com'],
    'src/new.ts': ['team@example.com'],
    'docs/b.md': [],
    'c.ts': [],
    '': [],
  });
});

test('an older file that comes late changes no owner, one of the same words costs nothing', async () => {
  const { run, record, owners, organizationId } = await newOwners(gateway);
  await run(['a.ts']);
  await record('* @new', { commitSha: 'b', recordedAt: day(2) });
  await owners();

  await record('* @old', { commitSha: 'a', recordedAt: day(1) });
  const after = await owners();
  await record('* @new', { commitSha: 'c', recordedAt: day(3) });
  const [sweep] = await gateway.db.prisma.ownerSweep.findMany({ where: { organizationId } });
  const before = gateway.statements().length;
  const scope = { organizationId, repositoryId: sweep?.repositoryId ?? '' };
  await assignOwners({ db: gateway.db }, scope);

  expect(after).toEqual({ 'a.ts': ['@new'] });
  expect(gateway.statements().slice(before)).toHaveLength(3); // a lock, where it stands, what is new
});

test('the order in which files come decides nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('* @one', '* @two', '* @three'), { minLength: 2, maxLength: 5 }),
      fc.noShrink(fc.array(fc.nat(), { minLength: 5, maxLength: 5 })),
      async (contents, keys) => {
        const { run, record, owners } = await newOwners(gateway);
        await run(['a.ts']);
        const sends = contents
          .map((content, index) => ({ content, index, key: keys[index] ?? 0 }))
          .sort((one, other) => one.key - other.key);

        for (const { content, index } of sends) {
          await record(content, { recordedAt: day(10 + index) });
        }

        expect(await owners()).toEqual({ 'a.ts': [contents.at(-1)?.slice(2)] });
      },
    ),
    { numRuns: 12 },
  );
});

test('more tests than are done at once have their owners, and those of another file in their place', async () => {
  const { run, record, owners, organizationId } = await newOwners(gateway);
  const files = Array.from({ length: 2_500 }, (_, index) => `src/${index % 7}/${index}.ts`);
  await run(files);

  await record('* @all\n/src/3/ @three\n', { recordedAt: day(1) });
  await owners();
  await record('* @all\n/src/4/ @four\n', { recordedAt: day(2) });
  await owners();

  const counted = await gateway.db.prisma.testOwner.groupBy({
    by: ['owner'],
    where: { organizationId },
    _count: true,
    orderBy: { owner: 'asc' },
  });
  expect(counted.map(({ owner, _count }) => [owner, _count])).toEqual([
    ['@all', 2_143],
    ['@four', 357],
  ]);
});

test('a sweep that was stopped goes on, and two at once do what one does', async () => {
  const { run, record, owners, organizationId, assign } = await newOwners(gateway);
  const files = Array.from({ length: 30 }, (_, index) => `${String(index).padStart(2, '0')}.ts`);
  await run(files);
  await record('* @all');
  await Promise.all([assign(), assign(), assign()]);

  await gateway.db.prisma.ownerSweep.updateMany({
    where: { organizationId },
    data: { sweptName: 'of 14.ts', sweptId: '0'.repeat(24) },
  });
  await gateway.db.prisma.testOwner.deleteMany({ where: { organizationId } });
  const after = await owners();

  const owned = Object.entries(after).filter(([, names]) => names.length > 0);
  expect(owned.map(([file]) => file).sort()).toEqual(files.slice(14));
});

test('another organization sees none of it', async () => {
  const mine = await newOwners(gateway);
  const theirs = await newOwners(gateway);
  await mine.run(['a.ts']);
  await theirs.run(['a.ts']);

  await mine.record('* @mine');

  expect(await mine.owners()).toEqual({ 'a.ts': ['@mine'] });
  expect(await theirs.owners()).toEqual({ 'a.ts': [] });
  expect(await theirs.ask(`{ ${codeowners} }`)).toEqual({ repository: { codeowners: null } });
});
