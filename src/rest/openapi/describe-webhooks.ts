import { z } from '@hono/zod-openapi';
import { WebhookProvider } from '../../db/generated/prisma/enums.ts';
import { describeRoute } from '../describe-route.ts';
import type { RestApp } from '../services.ts';

const providers = Object.values(WebhookProvider).map((provider) => provider.toLowerCase());

const json = (schema: z.ZodType) => ({ 'application/json': { schema } });

const Taken = z
  .object({ id: z.uuid(), status: z.string() })
  .openapi('WebhookTaken', { description: 'Kept; it is read soon.' });

const Ignored = z
  .object({ id: z.uuid(), ignored: z.literal(true), reason: z.string() })
  .openapi('WebhookIgnored', { description: 'Kept, and of no interest.' });

const provider = z.string().openapi({ enum: providers });

/** Puts `POST /webhooks/{provider}`, also of one source, into the OpenAPI document (Contract: buildbutler.md 8). */
export function describeWebhooks(rest: RestApp): void {
  describe(rest, {
    path: '/webhooks/{provider}',
    params: z.object({ provider }),
    summary: 'Take what a CI system posts by itself, with an API key',
  });
  describe(rest, {
    path: '/webhooks/{provider}/{sourceId}',
    params: z.object({ provider, sourceId: z.uuid() }),
    summary: 'Take what a CI system posts by itself, to a webhook source',
  });
}

interface WebhookRoute {
  readonly path: string;
  readonly params: z.ZodObject;
  readonly summary: string;
}

function describe(rest: RestApp, { path, params, summary }: WebhookRoute): void {
  describeRoute(rest, {
    method: 'post',
    path,
    tag: 'Webhooks',
    summary,
    description:
      'The signature, token or key is checked over the raw body, as the CI system sends it; `?apiKey=` where it can ' +
      'send nothing else. A delivery that comes twice is stored once. The body may have 25 MiB, and 15 seconds to come.',
    request: {
      params,
      query: z.object({
        apiKey: z.string().optional().openapi({ description: 'The key. It is kept out of logs.' }),
      }),
      body: {
        required: true,
        content: {
          ...json(z.looseObject({})),
          'application/x-www-form-urlencoded': { schema: z.looseObject({}) },
        },
      },
    },
    answers: { 200: { description: 'Kept.', content: json(z.union([Taken, Ignored])) } },
    refusals: [400, 401, 403, 404, 408, 413, 500],
  });
}
