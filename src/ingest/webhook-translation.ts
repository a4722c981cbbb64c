import type { WebhookProvider } from '../db/generated/prisma/enums.ts';
import type { RecordAgentsInput } from './record-agents.ts';
import type { RecordBuildInput } from './record-build.ts';
import type { RecordStagesInput } from './record-stages.ts';

/** A webhook whose sender is known, parsed. */
export interface WebhookEvent {
  readonly provider: WebhookProvider;
  /** Event as the sender names it, e.g. `workflow_run`. */
  readonly event: string;
  /** What the body holds as JSON. */
  readonly payload: unknown;
  readonly receivedAt: Date;
}

/** What a webhook tells: of at most one build, of its stages, and of agents. */
export interface WebhookFacts {
  readonly build?: RecordBuildInput | undefined;
  readonly stages?: RecordStagesInput['stages'] | undefined;
  readonly agents?: RecordAgentsInput | undefined;
}

/** What a webhook tells, or why nothing of it is kept. */
export type WebhookTranslation = WebhookFacts | { readonly ignored: string };

/** Gives what a webhook tells. A door reads the words of the CI systems; verbs get them read. */
export type TranslateWebhook = (event: WebhookEvent) => WebhookTranslation;

/** Gives the JSON in a body, or why there is none. */
export type ReadWebhook = (
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
) => { readonly payload: unknown } | { readonly problem: string };

/** How a door reads webhooks, passed to what works on them in the background. */
export interface WebhookReader {
  readonly read: ReadWebhook;
  readonly translate: TranslateWebhook;
}
