import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { expireHeld } from '../../../src/ingest/attach-held.ts';
import { removeLooseBlobs } from '../../../src/ingest/loose-blobs.ts';
import { keptLogs, postLog, recordedBuild, storedLog } from '../../ingest/build-log-client.ts';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const log = '=== Job: build ===\nok';
const dayMs = 86_400_000;

async function textOf(buildId: string, key = gateway.key): Promise<string> {
  const response = await fetch(new URL(`/builds/${buildId}/log`, gateway.url), {
    headers: { 'x-api-key': key },
  });
  return response.ok ? response.text() : String(response.status);
}

const later = (ms: number) => ({
  db: gateway.db,
  uploads: gateway.uploads,
  log: { warn: () => undefined, info: () => undefined } as never,
  now: () => new Date(Date.now() + ms),
});

test('a log whose build is not known makes the build of its copies, with the id of the client', async () => {
  const buildId = randomUUID();
  const copies = {
    jobName: 'CI',
    buildNumber: 7,
    status: 'UNSTABLE',
    jenkinsInstanceId: 'https://github.com/acme/copied/actions/workflows/ci.yml',
    branch: 'main',
    duration: 3_024_000_000,
    startedAt: '2026-03-02T10:00:00Z',
    completedAt: '2026-04-06T10:00:00.319Z',
  };

  const response = await postLog(gateway, { buildId, ...copies, logContent: log });

  expect(response.status).toBe(201);
  expect(await response.json()).toEqual({ id: buildId, accepted: 1 });
  const build = await gateway.db.prisma.build.findFirstOrThrow({ where: { id: buildId } });
  expect(build).toMatchObject({
    jobName: 'CI',
    number: 7n,
    status: 'UNSTABLE',
    branch: 'main',
    durationMs: 3_024_000_000n,
    startedAt: new Date('2026-03-02T10:00:00Z'),
  });
  expect(await textOf(buildId)).toBe(log);
});

test('the copies in a log change nothing of a build that is known', async () => {
  const buildId = await recordedBuild(gateway);
  const copies = { jobName: 'other', buildNumber: 2, status: 'FAILURE', jenkinsInstanceId: 'x' };

  await postLog(gateway, { buildId, ...copies, logContent: log });

  const build = await gateway.db.prisma.build.findFirstOrThrow({ where: { id: buildId } });
  expect(build).toMatchObject({ jobName: 'ci', number: 1n, status: 'SUCCESS' });
});

test('a log that does not say what its build is waits for it, and the last one counts', async () => {
  const buildId = randomUUID();

  const first = await postLog(gateway, { buildId, logContent: 'first' });
  await postLog(gateway, { buildId, logContent: log });

  expect(first.status).toBe(202);
  expect(await first.json()).toEqual({ accepted: 1, held: true });
  expect(await textOf(buildId)).toBe('404');
  await recordedBuild(gateway, buildId);
  expect(await textOf(buildId)).toBe(log);
});

test('a log that waited does not replace one that came later', async () => {
  const buildId = randomUUID();
  await postLog(gateway, { buildId, logContent: 'held' });
  await gateway.db.pool.query('UPDATE held_messages SET build_id = gen_random_uuid()');
  const held = await gateway.db.prisma.heldMessage.findFirstOrThrow();
  await storedLog(gateway, 'later', buildId);
  await gateway.db.pool.query('UPDATE held_messages SET build_id = $1 WHERE id = $2', [
    buildId,
    held.id,
  ]);

  await recordedBuild(gateway, buildId);

  expect(await textOf(buildId)).toBe('later');
  expect(await gateway.db.prisma.heldMessage.count()).toBe(0);
});

test('a log that waits in vain is removed, and so are replaced ones that were forgotten', async () => {
  const fresh = await startGateway();
  await postLog(fresh, { buildId: randomUUID(), logContent: log });
  const system = { ...later(92 * dayMs), db: fresh.db, uploads: fresh.uploads };
  expect(await keptLogs(fresh)).toHaveLength(1);

  await expireHeld(system, fresh.uploads.keptDays);
  await removeLooseBlobs(system);

  expect(await fresh.db.prisma.heldMessage.count()).toBe(0);
  expect(await fresh.db.prisma.looseBlob.count()).toBe(0);
  expect(await keptLogs(fresh)).toEqual([]);
});

test('a log of a build is not removed, whatever time goes by', async () => {
  const buildId = await storedLog(gateway, log);

  await removeLooseBlobs(later(3650 * dayMs));

  expect(await textOf(buildId)).toBe(log);
});
