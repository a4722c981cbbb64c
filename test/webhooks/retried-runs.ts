import { createHmac, randomUUID } from 'node:crypto';
import type { Source } from './start-receiver.ts';

interface Retried {
  readonly provider: 'GITLAB' | 'BUILDKITE' | 'AZURE' | 'BITBUCKET';
  readonly event: string;
  /** What is said of a run when it has ended, or begins again. */
  readonly say: (run: number, word: string, completedAt: string | null) => object;
  readonly words: readonly [running: string, failed: string, passed: string];
}

export const failedAt = '2026-03-02T10:05:00Z';
export const passedAt = '2026-03-02T10:15:00Z';

/** CI systems that keep the id of a run that is tried again, and count no attempts. */
export const retried: readonly Retried[] = [
  {
    provider: 'GITLAB',
    event: 'Pipeline Hook',
    words: ['running', 'failed', 'success'],
    say: (run, status, finished_at) => ({
      object_kind: 'pipeline',
      object_attributes: { id: run, status, finished_at },
      project: { path_with_namespace: 'acme/widgets', web_url: 'https://gitlab.com/acme/widgets' },
    }),
  },
  {
    provider: 'BUILDKITE',
    event: 'build.finished',
    words: ['running', 'failed', 'passed'],
    say: (run, state, finished_at) => ({
      build: {
        id: `01916c1e-7f51-4bc6-8e6f-${String(run).padStart(12, '0')}`,
        web_url: `https://buildkite.com/acme/widgets/builds/${run}`,
        state,
        finished_at,
      },
      pipeline: { slug: 'widgets' },
    }),
  },
  {
    provider: 'AZURE',
    event: 'build.complete',
    words: ['canceled', 'failed', 'succeeded'],
    say: (run, result, finishTime) => ({
      eventType: 'build.complete',
      id: randomUUID(),
      resource: {
        id: run,
        result,
        finishTime: finishTime ?? '2026-03-02T10:01:00Z',
        url: 'https://dev.azure.com/acme/widgets/_apis/build/Builds/1',
        project: { name: 'widgets' },
      },
    }),
  },
  {
    provider: 'BITBUCKET',
    event: 'repo:commit_status_updated',
    words: ['INPROGRESS', 'FAILED', 'SUCCESSFUL'],
    say: (run, state, updated_on) => ({
      repository: { full_name: 'acme/widgets' },
      commit_status: {
        state,
        updated_on,
        url: `https://bitbucket.org/acme/widgets/pipelines/results/${run}`,
      },
    }),
  },
];

/** Sends as any of them does. */
export function send({ url, secret }: Source, event: string, body: string): Promise<Response> {
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return fetch(url, {
    method: 'POST',
    body,
    headers: {
      'x-gitlab-event': event,
      'x-gitlab-token': secret,
      'x-buildkite-event': event,
      'x-buildkite-token': secret,
      'x-event-key': event,
      'x-request-uuid': randomUUID(),
      'x-hub-signature': `sha256=${signature}`,
      'x-api-key': secret,
    },
  });
}
