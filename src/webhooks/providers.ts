import { createHash } from 'node:crypto';
import type { WebhookProvider } from '../db/generated/prisma/enums.ts';
import type { TranslateWebhook } from '../ingest/webhook-translation.ts';
import { translateAzure } from './azure.ts';
import { translateBitbucket } from './bitbucket.ts';
import { translateBuildkite } from './buildkite.ts';
import { translateCircleCI } from './circleci.ts';
import { isObject } from './fields.ts';
import { translateGitHub } from './github.ts';
import { translateGitLab } from './gitlab.ts';
import { translateJenkins } from './jenkins.ts';
import { translateTeamCity } from './teamcity.ts';

type Headers = Readonly<Record<string, string>>;

interface Provider {
  /** Word in the address. */
  readonly path: string;
  /** Where it says what happened: the first that is there. */
  readonly event: readonly Place[];
  /** Where it says the id of the delivery. */
  readonly key: readonly Place[];
  /** Events that happen again and say the very same: an agent that comes back says what it said when it came first. */
  readonly recurring?: RegExp;
  readonly translate: TranslateWebhook;
}

/** A header, or a field of the body. */
type Place = { readonly header: string } | { readonly field: string };

const header = (name: string): Place => ({ header: name });
const field = (name: string): Place => ({ field: name });

/** The CI systems that send webhooks (Contract: buildbutler.md 8 and 9). */
export const providers = {
  GITHUB: {
    path: 'github',
    event: [header('x-github-event')],
    key: [], // X-GitHub-Delivery is not signed
    translate: translateGitHub,
  },
  GITLAB: {
    path: 'gitlab',
    event: [header('x-gitlab-event'), field('object_kind')],
    key: [header('idempotency-key')], // X-Gitlab-Event-UUID is that of all that one event sets off
    translate: translateGitLab,
  },
  BITBUCKET: {
    path: 'bitbucket',
    event: [header('x-event-key')],
    key: [], // X-Request-UUID is not signed
    translate: translateBitbucket,
  },
  BUILDKITE: {
    path: 'buildkite',
    event: [header('x-buildkite-event'), field('event')],
    key: [],
    recurring: /^agent\./,
    translate: translateBuildkite,
  },
  CIRCLECI: {
    path: 'circleci',
    event: [header('circleci-event-type'), field('type')],
    key: [field('id')],
    translate: translateCircleCI,
  },
  AZURE: {
    path: 'azure',
    event: [field('eventType')],
    key: [field('id')],
    translate: translateAzure,
  },
  JENKINS: { path: 'jenkins', event: [field('build.phase')], key: [], translate: translateJenkins },
  TEAMCITY: {
    path: 'teamcity',
    event: [field('eventType'), field('event'), field('eventName')],
    key: [],
    recurring: /^AGENT_/,
    translate: translateTeamCity,
  },
} as const satisfies Record<WebhookProvider, Provider>;

/** The CI system of an address. */
export function providerAt(path: string): WebhookProvider | undefined {
  const all = Object.entries(providers) as [WebhookProvider, Provider][]; // the keys are its members
  return all.find(([, provider]) => provider.path === path)?.[0];
}

export const translateWebhook: TranslateWebhook = (event) =>
  providers[event.provider].translate(event);

/** Says what a webhook is about, in the words of its sender. */
export function eventOf(provider: WebhookProvider, headers: Headers, payload: unknown): string {
  return saidAt(providers[provider].event, headers, payload) ?? 'unknown';
}

interface SaidDelivery {
  readonly event: string;
  readonly payload: unknown;
  readonly body: Uint8Array;
  /** When it was sent, as its sender signed it; else when it came. */
  readonly sentAt: string;
}

/**
 * Gives what two sends of one delivery have in common: its id, else all that it says, and the time where others say the
 * same. Only what is signed counts, else one who has read a webhook could send it again as another.
 */
export function deliveryKeyOf(
  provider: WebhookProvider,
  headers: Headers,
  { event, payload, body, sentAt }: SaidDelivery,
): string {
  const { key: places, event: eventPlaces, recurring }: Provider = providers[provider];
  const key = saidAt(places, headers, payload);
  if (key !== undefined) return `id:${key}`;
  const hash = createHash('sha256').update(body);
  if (!eventPlaces.some((place) => 'header' in place)) hash.update(`\n${event}`);
  if (recurring?.test(event) === true) hash.update(`\n${sentAt}`);
  return `sha256:${hash.digest('hex')}`;
}

function saidAt(places: readonly Place[], headers: Headers, payload: unknown): string | undefined {
  for (const place of places) {
    const said = 'header' in place ? headers[place.header] : fieldAt(payload, place.field);
    if (typeof said === 'string' && said.trim() !== '') return said.trim();
  }
  return undefined;
}

function fieldAt(payload: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), payload);
}
