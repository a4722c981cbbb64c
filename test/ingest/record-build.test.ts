import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { aBuild, type IngestClient, ingestClient, repository } from './ingest-client.ts';

let gateway: TestGateway;
let ingest: IngestClient;
beforeAll(async () => {
  gateway = await startGateway();
  ingest = ingestClient(gateway);
});

async function newOrganization() {
  const organization = await gateway.createOrganization();
  return { ...organization, ingest: ingestClient(gateway, organization.key) };
}

/** A build without anything to recognise it by. */
function anonymous(said: Partial<ReturnType<typeof aBuild>> = {}) {
  return { ...aBuild(), id: null, ...said };
}

describe('a build is recognised', () => {
  test('by an externalRunId that is a UUID, in any letter case', async () => {
    const externalRunId = randomUUID();

    const first = await ingest.build(anonymous({ externalRunId }));
    const second = await ingest.build(
      anonymous({ externalRunId: externalRunId.toUpperCase(), jobName: 'renamed' }),
    );

    expect([first.created, second.created]).toEqual([true, false]);
    expect(second.build).toMatchObject({ databaseId: first.build.databaseId, jobName: 'renamed' });
  });

  test('by a UUID externalRunId although it comes with other ids, which become aliases', async () => {
    const [id, alias, externalRunId] = [randomUUID(), randomUUID(), randomUUID()];

    const first = await ingest.build(aBuild({ id, externalRunId }));
    const second = await ingest.build(aBuild({ id: alias, externalRunId }));
    const byAlias = await ingest.build(aBuild({ id: alias, branch: 'topic' }));

    expect([first, second, byAlias].map(({ build }) => build.databaseId)).toEqual([id, id, id]);
    expect(byAlias).toMatchObject({ created: false, build: { branch: 'topic' } });
  });

  test('by its id when the externalRunId is the number of a run that many builds share', async () => {
    const [linux, windows] = [randomUUID(), randomUUID()];
    const externalRunId = '7012345678';

    await ingest.build(aBuild({ id: linux, externalRunId }));
    const leg = await ingest.build(aBuild({ id: windows, externalRunId }));
    const again = await ingest.build(aBuild({ id: windows, externalRunId, status: 'FAILURE' }));

    expect(leg).toMatchObject({ created: true, build: { databaseId: windows, externalRunId } });
    expect(again).toMatchObject({ created: false, build: { databaseId: windows } });
  });

  test('by source, instance and run when the run is no UUID and there is no id', async () => {
    const run = { externalRunId: '42', source: 'github', instance: 'https://ci.example' };

    const first = await ingest.build(anonymous(run));
    const again = await ingest.build(anonymous({ ...run, jobName: 'renamed', number: 5 }));
    const others = await Promise.all([
      ingest.build(anonymous({ ...run, source: 'gitlab' })),
      ingest.build(anonymous({ ...run, instance: 'https://ci2.example' })),
      ingest.build(anonymous({ ...run, externalRunId: '43' })),
    ]);

    expect(again).toMatchObject({ created: false, build: { databaseId: first.build.databaseId } });
    expect(others.map(({ created }) => created)).toEqual([true, true, true]);
  });

  test('by its id alone, in any letter case', async () => {
    const id = randomUUID();

    await ingest.build(aBuild({ id: id.toUpperCase() }));
    const again = await ingest.build(aBuild({ id }));

    expect(again).toMatchObject({ created: false, build: { databaseId: id } });
  });

  test('by job, number and start when there is neither an id nor a run', async () => {
    const start = { jobName: 'nightly', number: 7, startedAt: '2026-03-02T10:00:00.000Z' };

    const first = await ingest.build(anonymous(start));
    const again = await ingest.build(anonymous({ ...start, status: 'FAILURE' }));
    const others = await Promise.all([
      ingest.build(anonymous({ ...start, jobName: 'weekly' })),
      ingest.build(anonymous({ ...start, number: 8 })),
      ingest.build(anonymous({ ...start, startedAt: '2026-03-02T10:00:01.000Z' })),
      ingest.build(anonymous({ ...start, repository: { owner: 'acme', name: 'gadgets' } })),
      ingest.build(anonymous({ ...start, instance: 'https://ci.example' })),
    ]);

    expect(again).toMatchObject({ created: false, build: { databaseId: first.build.databaseId } });
    expect(others.map(({ created }) => created)).toEqual([true, true, true, true, true]);
  });

  test('by instance, job, number and start before and after its repository is known', async () => {
    const start = { instance: 'https://jenkins.example', jobName: 'deploy', number: 9 };

    const first = await ingest.build(anonymous({ ...start, repository: null }));
    const again = await ingest.build(anonymous({ ...start, repository }));

    expect(again).toMatchObject({ created: false, build: { databaseId: first.build.databaseId } });
  });

  test('by nothing when it names nothing, and is refused', async () => {
    const refusal = await ingest.refusal('recordBuild', anonymous());

    expect(refusal).toMatchObject({ __typename: 'ValidationError', issues: [{ path: ['input'] }] });
  });
});

test('results and stages sent to any id of a build reach it', async () => {
  const [id, alias, externalRunId] = [randomUUID(), randomUUID(), randomUUID()];
  await ingest.build(aBuild({ id, externalRunId }));
  await ingest.build(aBuild({ id: alias, externalRunId }));
  const results = [{ name: 'passes', status: 'PASSED' as const }];
  const stages = [{ order: 0, name: 'compile', status: 'SUCCESS' as const }];

  const first = await ingest.results({ buildId: id, results });
  const second = await ingest.results({ buildId: alias, results });
  const staged = await ingest.stages({ buildId: alias, stages });

  expect([first.accepted, second.accepted, second.duplicates]).toEqual([1, 0, 1]);
  expect(staged.build.databaseId).toBe(id);
});

describe('two tenants', () => {
  test('can each have a build with the same id, and neither sees the other', async () => {
    const id = randomUUID();
    const other = await newOrganization();

    await ingest.build(aBuild({ id, jobName: 'ours' }));
    const theirs = await other.ingest.build(aBuild({ id, jobName: 'theirs' }));
    const ours = await ingest.build(aBuild({ id, jobName: 'ours', branch: 'main' }));

    expect(theirs).toMatchObject({ created: true, build: { databaseId: id, jobName: 'theirs' } });
    expect(ours).toMatchObject({ created: false, build: { databaseId: id, jobName: 'ours' } });
  });

  test('get for the id of the other what they get for an unknown one', async () => {
    const { build } = await ingest.build(aBuild({ externalRunId: randomUUID() }));
    const other = await newOrganization();
    const unknown = randomUUID();
    const stages = [{ order: 0, name: 'compile', status: 'SUCCESS' as const }];

    const foreign = await other.ingest.refusal('recordStages', {
      buildId: build.databaseId,
      stages,
    });
    const nobodys = await other.ingest.refusal('recordStages', { buildId: unknown, stages });

    expect(foreign.__typename).toBe('NotFoundError');
    expect(foreign.message.replaceAll(build.databaseId, unknown)).toBe(nobodys.message);
  });
});

test('50 concurrent sends of one build are one build', async () => {
  const externalRunId = randomUUID();
  const { organizationId, ingest: own } = await newOrganization();

  const answers = await Promise.all(
    Array.from({ length: 50 }, () => own.build(aBuild({ externalRunId }))),
  );

  expect(new Set(answers.map(({ build }) => build.databaseId)).size).toBe(1);
  expect(answers.filter(({ created }) => created)).toHaveLength(1);
  expect(await gateway.db.prisma.build.count({ where: { organizationId } })).toBe(1);
});

test('concurrent sends that know a build by different names are one build', async () => {
  const { organizationId, ingest: own } = await newOrganization();
  const [id, externalRunId] = [randomUUID(), randomUUID()];
  await own.build(aBuild({ id, externalRunId }));

  const names = [{ id }, { id: null, externalRunId }, { externalRunId }, { id, externalRunId }];
  const sends = Array.from({ length: 10 }, () => names).flat();
  const answers = await Promise.all(sends.map((name) => own.build(aBuild(name))));

  expect(new Set(answers.map(({ build }) => build.databaseId))).toEqual(new Set([id]));
  expect(await gateway.db.prisma.build.count({ where: { organizationId } })).toBe(1);
});

test('concurrent first mentions of a repository, in any letter case, make one repository', async () => {
  const { organizationId, ingest: own } = await newOrganization();
  const names = ['New-Repo', 'new-repo', 'NEW-REPO'];

  await Promise.all(
    Array.from({ length: 21 }, (_, index) =>
      own.build(aBuild({ repository: { owner: 'Acme', name: names[index % 3] ?? '' } })),
    ),
  );

  const repositories = await gateway.db.prisma.repository.findMany({ where: { organizationId } });
  expect(repositories.map(({ slug }) => slug)).toEqual(['acme/new-repo']);
});
