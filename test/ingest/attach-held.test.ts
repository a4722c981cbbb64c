import { beforeEach, expect, test } from 'vitest';
import { attachAllHeld } from '../../src/ingest/attach-held.ts';
import { createLog } from '../../src/log.ts';
import {
  aBuild,
  aSuite,
  type Report,
  resultsOf,
  shimClient,
} from '../rest/buildbutler/shim-client.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

let gateway: TestGateway;
let report: Report;
beforeEach(async () => {
  gateway = await startGateway();
  report = shimClient(gateway);
});

/** Something of a build that is not there yet, which cannot be stored ever. */
async function holdBroken(buildId: string): Promise<void> {
  await report('stages', { buildId, stages: [] });
  await gateway.db.pool.query(
    `UPDATE held_messages SET content = '\\x00' WHERE build_id = $1 AND kind = 'STAGES'`,
    [buildId],
  );
}

const attachAll = () =>
  attachAllHeld({
    ...gateway,
    log: createLog({ logLevel: 'silent' }, { write: () => undefined }),
    now: () => new Date(),
  });

test('a held message that breaks stays held, and neither its build nor what came after it is lost', async () => {
  const build = aBuild();
  await holdBroken(build.id);
  await report('tests', aSuite(build.id));

  const answer = await report('builds', build);

  expect(answer.status).toBe(201);
  expect(await resultsOf(gateway, build.id)).toHaveLength(1);
  expect(await gateway.db.prisma.heldMessage.findMany()).toMatchObject([{ kind: 'STAGES' }]);
  const [logged] = gateway.logs().filter(({ level }) => level === 50);
  expect(logged).toMatchObject({ kind: 'STAGES', err: { type: 'Error' } });
});

test('a build whose messages break keeps no other build waiting', async () => {
  const builds = Array.from({ length: 120 }, () => aBuild());
  for (const { id } of builds) await report('tests', aSuite(id));
  await gateway.db.pool.query('UPDATE held_messages SET build_id = gen_random_uuid()');
  for (const build of builds) await report('builds', build);
  const sorted = builds.map(({ id }) => id).sort();
  await gateway.db.pool.query(
    `UPDATE held_messages h SET build_id = b.id,
       content = CASE WHEN b.id = $1 THEN h.content ELSE '\\x00' END
     FROM (SELECT id, row_number() OVER () AS place FROM builds) b
     JOIN (SELECT id AS held, row_number() OVER () AS place FROM held_messages) m USING (place)
     WHERE h.id = m.held`,
    [sorted.at(-1)],
  );

  await attachAll();

  expect(await gateway.db.prisma.heldMessage.count()).toBe(119);
});

test('items that cannot be stored when their build comes are in the log, with the build', async () => {
  const build = aBuild();
  const stage = { stageName: 'compile', stageOrder: 1, status: 'SUCCESS', duration: 1 };
  await report('stages', { buildId: build.id, stages: [stage, stage] });

  await report('builds', build);

  const [logged] = gateway.logs().filter(({ level }) => level === 40);
  expect(logged).toMatchObject({
    kind: 'STAGES',
    build: build.id,
    rejectedCount: 1,
    rejected: [{ name: 'compile', reason: 'order 1 is taken by an earlier stage of this name' }],
  });
});
