import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { pino } from 'pino';
import { inject, expect, test, vi } from 'vitest';
import { createListener } from '../../src/db/listen.ts';
import { onServer, urlOf } from '../support/template-database.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { ask } from './ask.ts';
import { hear, record, startRepository } from './hear-builds.ts';

const patience = { timeout: 15_000, interval: 50 };
const query = '{ builds { totalCount } }';
const nameOf = ({ db }: TestGateway) => new URL(db.url).pathname.slice(1);

/** Ends every session of the gateway's database, as a restart of Postgres does. */
async function endSessions(gateway: TestGateway): Promise<void> {
  await onServer(
    inject('serverUrl'),
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${nameOf(gateway)}'`,
  );
}

async function allowSessions(gateway: TestGateway, allowed: boolean): Promise<void> {
  await onServer(
    inject('serverUrl'),
    `ALTER DATABASE ${nameOf(gateway)} ALLOW_CONNECTIONS ${allowed}`,
  );
}

const askMany = (gateway: TestGateway, key: string) =>
  Promise.all(Array.from({ length: 30 }, () => ask(gateway, query, { key })));

test('requests succeed again after all sessions of the database were ended', async () => {
  const gateway = await startGateway();
  const { key } = await startRepository(gateway);
  await askMany(gateway, key); // the pool is full

  for (let restart = 1; restart <= 3; restart += 1) {
    await endSessions(gateway);

    await vi.waitFor(async () => {
      const answers = await askMany(gateway, key);
      expect(answers.map(({ data }) => data)).toEqual(
        answers.map(() => ({ builds: { totalCount: 1 } })),
      );
    }, patience);
  }
});

test('a request whose session is ended is answered with an error, and can be sent again', async () => {
  const gateway = await startGateway();
  const { key } = await startRepository(gateway);
  const holder = new pg.Client({ connectionString: gateway.db.url });
  holder.on('error', () => undefined); // it is ended too
  await holder.connect();
  await holder.query('BEGIN; LOCK TABLE builds');
  const sending = Array.from({ length: 15 }, (_, index) =>
    ask(
      gateway,
      `mutation { recordBuild(input: { jobName: "ci", number: ${index + 100}, status: SUCCESS }) { __typename } }`,
      { key },
    ),
  );
  await vi.waitFor(async () => {
    const { rows } = await holder.query('SELECT FROM pg_locks WHERE NOT granted');
    expect(rows.length).toBeGreaterThan(0);
  }, patience);

  await endSessions(gateway);
  const answers = await Promise.all(sending); // each is answered

  const failed = answers.filter(({ errors }) => errors !== undefined);
  expect(failed.length).toBeGreaterThan(0);
  for (const { errors } of failed)
    expect(errors?.[0]?.extensions?.['code']).toBe('INTERNAL_SERVER_ERROR');
  for (let number = 100; number < 115; number += 1) {
    await record(gateway, key, { number });
  }
  // More at once than the pool has sessions: none is lost in a broken transaction.
  expect((await askMany(gateway, key)).filter(({ errors }) => errors !== undefined)).toEqual([]);
});

test('while the database is away requests fail at once, and all is well when it is back', async () => {
  const gateway = await startGateway();
  const { key, id } = await startRepository(gateway);
  const { builds } = await hear(gateway, id, key);
  await allowSessions(gateway, false);
  await endSessions(gateway);

  const away = await ask(gateway, query, { key });
  const strange = await ask(gateway, query, { key: '0123456789012345678901234567890123456789' });
  const health = await fetch(new URL('/health', gateway.url));

  expect(away.errors?.[0]?.extensions?.['code']).toBe('INTERNAL_SERVER_ERROR');
  expect(strange.status).toBe(500); // not 401: nobody knows
  expect(JSON.stringify([away, strange])).not.toContain(nameOf(gateway));
  expect(health.status).toBe(200);

  await allowSessions(gateway, true);
  await vi.waitFor(async () => {
    expect(await ask(gateway, query, { key })).not.toHaveProperty('errors');
  }, patience);
  let number = 100;
  await vi.waitFor(async () => {
    await record(gateway, key, { number: (number += 1) });
    expect(builds.length).toBeGreaterThan(0); // the same stream hears again
  }, patience);
});

test('a listener that cannot connect the first time says so, and tries no more', async () => {
  const url = urlOf(inject('serverUrl'), `no_${randomUUID()}`);
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });

  await expect(createListener(url, ['channel'], log)).rejects.toThrow('does not exist');

  const said = lines.length;
  await new Promise((resolve) => setTimeout(resolve, 1_200)); // it would try every 500 ms
  expect(lines.length).toBe(said);
});
