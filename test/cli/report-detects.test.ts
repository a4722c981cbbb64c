import { beforeAll, expect, test } from 'vitest';
import { ensureBuilt } from '../support/ensure-built.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { checkout } from './checkout.ts';
import { ciForges } from './ci-forges.ts';
import { ciServers } from './ci-servers.ts';
import { ciServices } from './ci-services.ts';
import { account, builds, report } from './report-support.ts';

let shared: TestGateway;
beforeAll(async () => {
  await ensureBuilt();
  shared = await startGateway();
}, 300_000);

test.each(Object.entries({ ...ciForges, ...ciServices, ...ciServers }))(
  'a report from %s is a build with its branch, commit, page and cause',
  async (_name, { variables, build, stages }) => {
    const gateway = await account(shared);
    const at = await checkout();
    const env = await variables(at);

    const { exit, stdout } = await report(gateway, at, ['--junit', 'target/*.xml'], env);

    const { commitSha, treeSha } = at;
    expect(stdout).toContain('results: 6 accepted, 0 duplicates, 0 rejected');
    expect(exit).toBe(0);
    expect(await builds(gateway)).toMatchObject([
      {
        ...build,
        commitSha,
        treeSha,
        stages: { nodes: stages },
        testResults: { totalCount: 6 },
      },
    ]);
  },
);
