import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WebhookProvider } from '../../src/db/generated/prisma/enums.ts';
import { RecordBuildInput } from '../../src/ingest/record-build.ts';
import { eventOf } from '../../src/webhooks/providers.ts';
import { buildkiteBuild, buildkiteJob, buildkitePipeline, teamcityBuild } from './samples.ts';
import { fixture, githubExamples, translate } from './translate.ts';

interface Published {
  readonly name: string;
  readonly provider: WebhookProvider;
  readonly event: string;
  readonly payload: unknown;
}

const folders: readonly (readonly [folder: string, WebhookProvider])[] = [
  ['go-playground/gitlab', 'GITLAB'],
  ['go-playground/bitbucket', 'BITBUCKET'],
  ['go-playground/bitbucket-server', 'BITBUCKET'],
  ['go-playground/azuredevops', 'AZURE'],
  ['circleci', 'CIRCLECI'],
  ['jenkins-notification', 'JENKINS'],
];

/** Bitbucket says the event in a header alone, which the names of the files stand for. */
const headerEvents: Readonly<Record<string, string>> = {
  'repo-commit-status-created.json': 'repo:commit_status_created',
  'repo-commit-status-updated.json': 'repo:commit_status_updated',
};

const published: readonly Published[] = folders.flatMap(([folder, provider]) =>
  readdirSync(new URL(`../fixtures/webhooks/${folder}`, import.meta.url))
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const payload = fixture(`${folder}/${file}`);
      const event = headerEvents[file] ?? eventOf(provider, {}, payload);
      return { name: `${folder}/${file}`, provider, event, payload };
    }),
);

const tellingFiles = [
  'circleci/bitbucket_manual_workflow_completed.json',
  'circleci/github_job_completed.json',
  'circleci/github_tag_workflow_completed.json',
  'circleci/github_workflow_completed.json',
  'circleci/gitlab_job_completed.json',
  'circleci/gitlab_workflow_completed.json',
  'go-playground/azuredevops/build.complete.json',
  'go-playground/bitbucket/repo-commit-status-created.json',
  'go-playground/bitbucket/repo-commit-status-updated.json',
  'go-playground/gitlab/job-event.json',
  'go-playground/gitlab/pipeline-event.json',
  'jenkins-notification/finalized.json',
  'jenkins-notification/finished.json',
  'jenkins-notification/finished_old.json',
  'jenkins-notification/started.json',
];

test('of all published payloads those of builds are kept, and the others are ignored', () => {
  const kept = published.filter(
    ({ provider, event, payload }) => !('ignored' in translate(provider, event, payload)),
  );

  expect(published.length).toBeGreaterThan(80);
  expect(kept.map(({ name }) => name).sort()).toEqual(tellingFiles);
});

test("of all of GitHub's published payloads only those of runs and jobs are kept", () => {
  const told = githubExamples().map(({ event, payload }) => ({
    event,
    isKept: !('ignored' in translate('GITHUB', event, payload)),
  }));

  const count = (word: string, isKept: boolean) =>
    told.filter((one) => one.event === word && one.isKept === isKept).length;
  expect(told.filter(({ isKept }) => isKept)).toHaveLength(12);
  expect([count('workflow_run', true), count('workflow_run', false)]).toEqual([4, 1]);
  expect([count('workflow_job', true), count('workflow_job', false)]).toEqual([8, 0]);
  expect([count('check_run', false), count('push', false), count('ping', false)]).toEqual([
    9, 7, 4,
  ]);
});

/** What somebody may put where something else belongs. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    ' ',
    '\0',
    '\uD800',
    '%',
    'x'.repeat(5000),
    'é'.repeat(300),
    'constructor',
    'https://',
    'https://x/'.padEnd(3000, 'y'),
    'git@host:',
    '/',
    'refs/heads/',
    '0001-01-01T00:00:00',
    '9999-12-31T23:59:59Z',
    '2026-99-99T99:99:99Z',
    -1,
    0,
    1.5,
    1e300,
    2 ** 53,
    true,
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, below]) => pathsOf(below, [...path, key]))];
}

function replaced(value: unknown, [key, ...below]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (typeof value !== 'object' || value === null) return value;
  const known = (value as Record<string, unknown>)[String(key)];
  const changed = { ...value, [key]: replaced(known, below, by) };
  return Array.isArray(value) ? Object.values(changed) : changed;
}

const buildkite = { pipeline: buildkitePipeline, build: buildkiteBuild, job: buildkiteJob };

const telling = [
  { provider: 'BUILDKITE' as const, event: 'build.finished', payload: buildkite },
  { provider: 'BUILDKITE' as const, event: 'job.finished', payload: buildkite },
  { provider: 'TEAMCITY' as const, event: 'BUILD_FINISHED', payload: teamcityBuild },
  ...published.filter(({ name }) => tellingFiles.includes(name)),
  ...githubExamples()
    .filter(({ event }) => event.startsWith('workflow_'))
    .map((example) => ({ provider: 'GITHUB' as const, ...example })),
];

const mutated = fc.constantFrom(...telling).chain(({ provider, event, payload }) =>
  fc
    .array(fc.tuple(fc.constantFrom(...pathsOf(payload)), odd), { minLength: 1, maxLength: 4 })
    .map((changes) => ({
      provider,
      event,
      payload: changes.reduce((said, [path, by]) => replaced(said, path, by), payload),
    })),
);

describe('odd payloads', () => {
  test('whatever field is missing or is something else, what is told can be stored', () => {
    fc.assert(
      fc.property(mutated, ({ provider, event, payload }) => {
        const told = translate(provider, event, payload);

        const build = 'ignored' in told ? undefined : told.build;
        expect(RecordBuildInput.optional().safeParse(build).error?.issues).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  test('any JSON under any event of any CI system is told or ignored', () => {
    const events = fc.constantFrom(
      'workflow_run',
      'workflow_job',
      'build.finished',
      'job.finished',
      'agent.lost',
      'job-completed',
      'workflow-completed',
      'build.complete',
      'repo:commit_status_updated',
      'BUILD_FINISHED',
      'AGENT_REMOVED',
      '',
    );

    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(WebhookProvider)),
        events,
        fc.jsonValue(),
        (provider, event, payload) => {
          expect(() => translate(provider, event, payload)).not.toThrow();
        },
      ),
      { numRuns: 2000 },
    );
  });
});
