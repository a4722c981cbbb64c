import { beforeAll, expect, test } from 'vitest';
import { storedAnalytics } from '../engine/stored-analytics.ts';
import { ensureBuilt } from '../support/ensure-built.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { runProcess } from '../support/start-process.ts';
import { newOrganization } from '../ingest/tests-by-name.ts';

let gateway: TestGateway;
beforeAll(async () => {
  await ensureBuilt();
  gateway = await startGateway();
}, 300_000);

async function rebuild(organization: string) {
  const env = { DATABASE_URL: gateway.db.url };
  return runProcess(['analytics', 'rebuild', '--organization', organization], { env });
}

test('analytics rebuild gives the rows again that were lost, of one organization', async () => {
  const { organizationId, run } = await newOrganization(gateway);
  await run('shaky', 'FAILED');
  await run('shaky', 'PASSED');
  await run('steady', 'PASSED');
  await gateway.settleAnalytics();
  const before = await storedAnalytics(gateway.db, organizationId);
  const { slug } = await gateway.db.prisma.organization.findUniqueOrThrow({
    where: { id: organizationId },
  });
  for (const table of ['flaky_evidence', 'test_days', 'result_quarters']) {
    await gateway.db.pool.query(`DELETE FROM ${table} WHERE organization_id = $1`, [
      organizationId,
    ]);
  }

  const { exit, stdout, stderr } = await rebuild(slug);

  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(stdout).toBe(`2 of 2 tests\nThe analytics of ${slug} is rebuilt.\n`);
  expect(before.evidence).toHaveLength(1);
  expect(await storedAnalytics(gateway.db, organizationId)).toEqual(before);
});

test('analytics rebuild of an organization that does not exist says so in one line', async () => {
  const { exit, stderr } = await rebuild('nobody');

  expect(exit).toBe(1);
  expect(stderr).toMatch(/^buildatlas: .*nobody.*\n$/);
});
