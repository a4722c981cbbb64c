import { beforeAll, describe, expect, test } from 'vitest';
import { recordAgents } from '../../src/ingest/record-agents.ts';
import { recordBuild, type RecordBuildInput } from '../../src/ingest/record-build.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { agentsOf, ago, hour, minute, newServer } from './agent-reports.ts';
import { contextOf } from './upload-entries.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

/** A CI server with an agent that was said to build at that time. */
async function buildingSince(at: Date, said: { currentJob?: string; executors?: number } = {}) {
  const named = newServer();
  const agents = [{ name: 'runner', status: 'BUILDING', ...said }] as const;
  const report = { ...named, agents, recordedAt: at };
  await recordAgents(contextOf(gateway), report);
  return { ...named, report };
}

let builds = 0;

/** A build of the agent that has ended; gives what the agent is shown to be then. */
async function afterBuild(
  { server, instance }: { readonly server: string; readonly instance: string },
  said: Partial<RecordBuildInput> = {},
) {
  await recordBuild(contextOf(gateway), {
    jobName: 'CI',
    number: (builds += 1),
    status: 'SUCCESS',
    startedAt: ago(2 * hour),
    completedAt: ago(minute),
    instance,
    agentName: 'runner',
    ...said,
  });
  const [agent] = await agentsOf(gateway, server);
  return agent?.status;
}

describe('an agent that was said to build', () => {
  test('is idle when a build that names it has ended', async () => {
    const server = await buildingSince(ago(hour), { currentJob: 'CI' });

    expect(await afterBuild(server)).toBe('ONLINE');
    expect(await agentsOf(gateway, server.server)).toMatchObject([
      { reportedStatus: 'ONLINE', statusRaw: 'BUILDING', currentJob: null },
    ]);
  });

  test('is idle when the build ended a little before, and is the job it names', async () => {
    const server = await buildingSince(ago(0), { currentJob: 'CI' });

    expect(await afterBuild(server, { completedAt: ago(5 * minute) })).toBe('ONLINE');
  });

  test('builds on when another build ended before it began', async () => {
    const server = await buildingSince(ago(minute), { currentJob: 'Nightly' });

    expect(await afterBuild(server, { completedAt: ago(5 * minute) })).toBe('BUILDING');
  });

  test('builds on when a build of its job ended long before', async () => {
    const server = await buildingSince(ago(minute), { currentJob: 'CI' });

    expect(await afterBuild(server, { completedAt: ago(7 * hour) })).toBe('BUILDING');
  });

  test('builds on while the build runs', async () => {
    const server = await buildingSince(ago(hour), { currentJob: 'CI' });

    expect(await afterBuild(server, { status: 'IN_PROGRESS', completedAt: null })).toBe('BUILDING');
  });

  test('builds on when one of its several jobs has ended', async () => {
    const server = await buildingSince(ago(hour), { currentJob: 'Nightly', executors: 2 });

    expect(await afterBuild(server)).toBe('BUILDING');
  });

  test('builds on when an agent of its name on another server ends a build', async () => {
    const server = await buildingSince(ago(hour));
    const { instance } = newServer();

    expect(await afterBuild({ ...server, instance })).toBe('BUILDING');
  });

  test('is idle when the build came after an earlier word of it, with its end alone', async () => {
    const server = await buildingSince(ago(hour));
    const build = { number: 1_000_000, startedAt: ago(2 * hour) };
    await afterBuild(server, { ...build, status: 'IN_PROGRESS', completedAt: null });

    expect(await afterBuild(server, { ...build, status: 'FAILURE' })).toBe('ONLINE');
  });

  test('stays idle when the report that it builds is sent again', async () => {
    const server = await buildingSince(ago(hour), { currentJob: 'CI' });
    await afterBuild(server);

    await recordAgents(contextOf(gateway), server.report);

    expect(await agentsOf(gateway, server.server)).toMatchObject([{ status: 'ONLINE' }]);
  });

  test('is idle where the server has no address', async () => {
    const agents = [{ name: 'runner', status: 'BUILDING' }] as const;
    await recordAgents(contextOf(gateway), {
      instance: 'Our Jenkins',
      agents,
      recordedAt: ago(hour),
    });

    const status = await afterBuild(
      { server: 'our jenkins', instance: 'Our Jenkins' },
      { jobUrl: 'https://jenkins.example/job/ci' },
    );

    expect(status).toBe('ONLINE');
  });
});
