import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { WebhookProvider } from '../../src/db/generated/prisma/enums.ts';
import type {
  WebhookEvent,
  WebhookFacts,
  WebhookTranslation,
} from '../../src/ingest/webhook-translation.ts';
import { translateWebhook } from '../../src/webhooks/providers.ts';

export const receivedAt = new Date('2026-03-02T12:00:00Z');

export function translate(
  provider: WebhookProvider,
  event: string,
  payload: unknown,
): WebhookTranslation {
  return translateWebhook({ provider, event, payload, receivedAt });
}

/** What a webhook tells that is known to tell something. */
export function factsOf(provider: WebhookProvider, event: string, payload: unknown): WebhookFacts {
  const told = translate(provider, event, payload);
  if ('ignored' in told) throw new Error(`it was ignored: ${told.ignored}`);
  return told;
}

const fixtures = new URL('../fixtures/webhooks/', import.meta.url);

/** The JSON of a fixture, e.g. `go-playground/gitlab/pipeline-event.json`. */
export function fixture(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, fixtures), 'utf8'));
}

interface Examples {
  readonly name: string;
  readonly examples: readonly unknown[];
}

/** All published payloads of GitHub's webhooks. */
export function githubExamples(): Pick<WebhookEvent, 'event' | 'payload'>[] {
  const events = createRequire(import.meta.url)('@octokit/webhooks-examples') as Examples[];
  return events.flatMap(({ name, examples }) =>
    examples.map((payload) => ({ event: name, payload })),
  );
}
