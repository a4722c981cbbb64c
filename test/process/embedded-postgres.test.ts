import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { dataDir, plainUser, postgresGone, postmasterPid } from '../support/data-dir.ts';
import { ensureBuilt } from '../support/ensure-built.ts';
import { startProcess } from '../support/start-process.ts';
import { cleanUp } from '../support/test-database.ts';

beforeAll(ensureBuilt, 300_000);

async function health(url: string): Promise<unknown> {
  return (await fetch(`${url}/health`)).json();
}

test('the gateway makes its database on the first start, finds it on the next, and leaves no process', async () => {
  const dir = await dataDir();

  const first = startProcess([], { env: { DATA_DIR: dir } });
  const health1 = await health(await first.ready());
  const pid = await postmasterPid(dir);
  first.kill('SIGTERM');
  const firstEnd = await first.ended();
  const second = startProcess([], { env: { DATA_DIR: dir } });
  const health2 = await health(await second.ready());
  second.kill('SIGINT');
  const secondEnd = await second.ended();

  expect([health1, health2]).toEqual([{ status: 'ok' }, { status: 'ok' }]);
  expect([firstEnd.exit, secondEnd.exit]).toEqual([0, 0]);
  expect(firstEnd.stdout).toMatch(/First API key .*: [0-9a-f]{40}\n/);
  expect(secondEnd.stdout).not.toMatch(/[0-9a-f]{40}/);
  expect(pid).toBeGreaterThan(0);
  expect(await postmasterPid(dir)).toBeUndefined();
});

test('a plain user needs nothing but the checkout', async () => {
  const uid = await plainUser();
  const dir = await dataDir({ uid });

  const gateway = startProcess([], { env: { DATA_DIR: dir }, uid });

  expect(await health(await gateway.ready())).toEqual({ status: 'ok' });
});

test('data below a directory that only its owner may enter is no obstacle', async () => {
  const closed = await mkdtemp(join(homedir(), '.buildatlas-test-'));
  cleanUp(() => rm(closed, { recursive: true }));
  await chmod(closed, 0o700);

  const gateway = startProcess([], { env: { DATA_DIR: join(closed, 'data') } });
  const answer = await health(await gateway.ready());
  gateway.kill('SIGTERM');

  expect(answer).toEqual({ status: 'ok' });
  expect((await gateway.ended()).exit).toBe(0);
});

test('the password of the database is random and for its owner only', async () => {
  const dir = await dataDir();
  const gateway = startProcess([], { env: { DATA_DIR: dir } });
  await gateway.ready();

  const file = join(dir, 'postgres', 'buildatlas.password');
  const { mode } = await stat(file);
  const password = await readFile(file, 'utf8');

  expect(mode & 0o777).toBe(0o600);
  expect(password).toMatch(/^[0-9a-f]{48}$/);
});

test('after kill -9 the next start takes over the Postgres that was left', async () => {
  const dir = await dataDir();
  const killed = startProcess([], { env: { DATA_DIR: dir } });
  await killed.ready();
  const orphan = await postmasterPid(dir);
  killed.kill('SIGKILL');
  await killed.ended();

  const next = startProcess([], { env: { DATA_DIR: dir } });
  const answer = await health(await next.ready());
  const adopted = await postmasterPid(dir);
  next.kill('SIGTERM');
  const end = await next.ended();

  expect(answer).toEqual({ status: 'ok' });
  expect(adopted).toBe(orphan);
  expect(end.exit).toBe(0);
  expect(await postmasterPid(dir)).toBeUndefined();
});

test('after kill -9 of the gateway and of Postgres the next start recovers', async () => {
  const dir = await dataDir();
  const killed = startProcess([], { env: { DATA_DIR: dir } });
  await killed.ready();
  const orphan = await postmasterPid(dir);
  killed.kill('SIGKILL');
  process.kill(orphan ?? 0, 'SIGKILL');
  await postgresGone(dir, orphan);

  const next = startProcess([], { env: { DATA_DIR: dir } });

  expect(await health(await next.ready())).toEqual({ status: 'ok' });
});

test('a stale postmaster.pid with the process id of a stranger does not stop the start', async () => {
  const dir = await dataDir();
  const first = startProcess([], { env: { DATA_DIR: dir } });
  await first.ready();
  first.kill('SIGTERM');
  await first.ended();
  const stale = `${process.pid}\n/elsewhere\n1\n1\n\n127.0.0.1\n  1  1\nready   \n`;
  await writeFile(join(dir, 'postgres', 'postmaster.pid'), stale);

  const next = startProcess([], { env: { DATA_DIR: dir } });

  expect(await health(await next.ready())).toEqual({ status: 'ok' });
});

test('a second gateway on one DATA_DIR says who has it and stops, and the first stays as it was', async () => {
  const dir = await dataDir();
  const first = startProcess([], { env: { DATA_DIR: dir } });
  const url = await first.ready();

  const second = await startProcess([], { env: { DATA_DIR: dir } }).ended();

  expect(second.exit).toBe(1);
  expect(second.stderr).toBe(
    `buildatlas: DATA_DIR ${dir} is in use by process ${first.pid}: stop that one, or set another ` +
      'DATA_DIR (several gateways can share one DATABASE_URL)\n',
  );
  expect(await health(url)).toEqual({ status: 'ok' });
});

test('of two gateways that start at once on a new DATA_DIR one runs and one says so', async () => {
  const dir = await dataDir();
  const both = [1, 2].map(() => startProcess([], { env: { DATA_DIR: dir } }));

  const outcomes = await Promise.all(
    both.map((one) => one.ready().then(health, async () => (await one.ended()).stderr)),
  );

  expect(outcomes).toContainEqual({ status: 'ok' });
  expect(outcomes).toContainEqual(expect.stringContaining('is in use by process'));
});

test('a start that was cut off while it made the database is forgotten by the next', async () => {
  const dir = await dataDir();
  const half = join(dir, 'postgres.new-999999999');
  await mkdir(join(half, 'data'), { recursive: true });

  const gateway = startProcess([], { env: { DATA_DIR: dir } });

  expect(await health(await gateway.ready())).toEqual({ status: 'ok' });
  await expect(stat(half)).rejects.toThrow('ENOENT');
});

test('a database of another Postgres version is left alone, with a word on what to do', async () => {
  const dir = await dataDir();
  const cluster = join(dir, 'postgres');
  await mkdir(cluster, { mode: 0o700 });
  await writeFile(join(cluster, 'PG_VERSION'), '14\n');
  await writeFile(join(cluster, 'buildatlas.password'), 'x');

  const { exit, stderr } = await startProcess([], { env: { DATA_DIR: dir } }).ended();

  expect(exit).toBe(1);
  expect(stderr).toMatch(/^buildatlas: .* was made by Postgres 14, this Buildatlas brings .*\n$/);
});

test('a directory with files of somebody else is not taken for a database', async () => {
  const dir = await dataDir();
  await mkdir(join(dir, 'postgres'));
  await writeFile(join(dir, 'postgres', 'thesis.txt'), 'mine');

  const { exit, stderr } = await startProcess([], { env: { DATA_DIR: dir } }).ended();

  expect(exit).toBe(1);
  expect(stderr).toMatch(/^buildatlas: .*holds files, but no database of Buildatlas.*\n$/);
});

test('when its Postgres dies the gateway ends too, for a supervisor to start both again', async () => {
  const dir = await dataDir();
  const gateway = startProcess([], { env: { DATA_DIR: dir } });
  await gateway.ready();

  process.kill((await postmasterPid(dir)) ?? 0, 'SIGKILL');

  const { exit, stderr } = await gateway.ended();
  expect(exit).toBe(1);
  expect(stderr).toMatch(/buildatlas: the embedded Postgres ended: start again\n$/);
});
