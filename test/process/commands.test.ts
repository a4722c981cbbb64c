import { beforeAll, describe, expect, test } from 'vitest';
import { dataDir } from '../support/data-dir.ts';
import { ensureBuilt } from '../support/ensure-built.ts';
import { runProcess, startProcess } from '../support/start-process.ts';
import { emptyDatabase, migratedDatabase } from '../support/test-database.ts';

beforeAll(ensureBuilt, 300_000);

test.each([
  [['--help'], ['serve', 'migrate', 'keys']],
  [
    ['serve', '--help'],
    ['PORT, HOST', 'DATABASE_URL', 'BOOTSTRAP_API_KEY', 'SIGTERM', 'Example:'],
  ],
  [
    ['migrate', '--help'],
    ['--status', 'DATABASE_URL', 'Example:'],
  ],
  [
    ['keys', '--help'],
    ['create', 'list', 'revoke'],
  ],
  [
    ['keys', 'create', '--help'],
    ['--name', '--capability', '"ingest"', '--expires', '--json'],
  ],
  [
    ['keys', 'list', '--help'],
    ['--organization', '--json', 'DATABASE_URL'],
  ],
  [
    ['keys', 'revoke', '--help'],
    ['<id>', '--even-if-last-admin', 'Example'],
  ],
])('buildatlas %j says how to use it', async (args, words) => {
  const { exit, stdout } = await runProcess(args);

  expect(exit).toBe(0);
  for (const word of words) expect(stdout).toContain(word);
});

test('an unknown command is refused with a pointer to the help', async () => {
  const { exit, stderr } = await runProcess(['sevre']);

  expect(exit).toBe(1);
  expect(stderr).toContain('buildatlas --help');
});

test('migrate --status lists migrations and fails while one is pending', async () => {
  const env = { DATABASE_URL: await emptyDatabase() };

  const before = await runProcess(['migrate', '--status'], { env });
  const applied = await runProcess(['migrate'], { env });
  const after = await runProcess(['migrate', '--status'], { env });

  expect([before.exit, applied.exit, after.exit]).toEqual([1, 0, 0]);
  expect(before.stdout).toMatch(/^pending {3}\d+_init\n/);
  expect(applied.stdout).toMatch(/^applied {2}\d+_init\n/);
  expect(after.stdout).toMatch(/^applied {3}\d+_init {2}\d{4}-\d\d-\d\dT/);
});

test('migrate run by several processes at once applies each migration once', async () => {
  const env = { DATABASE_URL: await emptyDatabase() };

  const runs = await Promise.all([1, 2, 3].map(() => runProcess(['migrate'], { env })));

  expect(runs.map(({ exit }) => exit)).toEqual([0, 0, 0]);
  expect(runs.filter(({ stdout }) => stdout.includes('_init'))).toHaveLength(1);
});

describe('keys, beside a gateway that runs on the embedded Postgres', () => {
  let env: Record<string, string>;
  let url: string;

  beforeAll(async () => {
    env = { DATA_DIR: await dataDir() };
    url = await startProcess([], { env }).ready();
  });

  async function statusWith(key: string): Promise<number> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query: '{ builds(first: 1) { edges { node { id } } } }' }),
    });
    return response.status;
  }

  test('a new key works on the gateway until it is revoked', async () => {
    const options = ['--name', 'report', '--capability', 'read', '--expires', '2099-01-01'];

    const created = await runProcess(['keys', 'create', ...options, '--json'], { env });
    const { id, key } = JSON.parse(created.stdout) as { id: string; key: string };
    const before = await statusWith(key);
    const revoked = await runProcess(['keys', 'revoke', id], { env });
    const after = await statusWith(key);
    const listed = await runProcess(['keys', 'list'], { env });

    expect([before, after]).toEqual([200, 401]);
    expect(revoked.stdout).toBe(`revoked ${id}\n`);
    expect(listed.stdout).toMatch(new RegExp(`${id} .* read +revoked .* report\n`));
    expect(listed.stdout).not.toContain(key);
  });

  test('create prints the key alone, for scripts', async () => {
    const options = ['--name', 'ci', '--capability', 'ingest', '--capability', 'read'];

    const { stdout } = await runProcess(['keys', 'create', ...options], { env });

    expect(stdout).toMatch(/^[0-9a-f]{40}\n$/);
  });

  test.each([
    [['--name', 'x', '--capability', 'fly'], 'Allowed choices are ingest, read, manage, admin'],
    [['--name', 'x'], "required option '--capability <capability...>' not specified"],
    [['--name', 'x', '--capability', 'read', '--expires', 'soon'], 'Write it as 2027-01-01'],
    [
      ['--name', 'x', '--capability', 'read', '--expires', '2001-01-01'],
      'buildatlas: input.expiresAt: must be in the future',
    ],
  ])('create %j says what is wrong', async (options, message) => {
    const { exit, stdout, stderr } = await runProcess(['keys', 'create', ...options], { env });

    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain(message);
  });
});

test('keys of an organization that does not exist are refused in one line', async () => {
  const env = { DATABASE_URL: await migratedDatabase() };

  const { exit, stderr } = await runProcess(['keys', 'list', '--organization', 'acme'], { env });

  expect({ exit, stderr }).toEqual({
    exit: 1,
    stderr: 'buildatlas: There is no organization "acme".\n',
  });
});

test('the last admin key is not revoked by accident', async () => {
  const env = { DATABASE_URL: await migratedDatabase() };
  const gateway = startProcess([], { env });
  await gateway.ready();
  const listed = await runProcess(['keys', 'list', '--json'], { env });
  const [first] = JSON.parse(listed.stdout) as { id: string }[];

  const refused = await runProcess(['keys', 'revoke', first?.id ?? ''], { env });
  const forced = await runProcess(['keys', 'revoke', first?.id ?? '', '--even-if-last-admin'], {
    env,
  });

  expect([refused.exit, forced.exit]).toEqual([1, 0]);
  expect(refused.stderr).toMatch(/^buildatlas: This is the last working admin/);
});
