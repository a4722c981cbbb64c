import { z } from '@hono/zod-openapi';
import { WebhookProvider } from '../../db/generated/prisma/enums.ts';
import { describeRoute } from '../describe-route.ts';
import type { RestApp } from '../services.ts';

const providers = Object.values(WebhookProvider).map((provider) => provider.toLowerCase());

const json = (schema: z.ZodType) => ({ 'application/json': { schema } });

const Taken = z.looseObject({}).openapi('WebhookTaken');

const Ignored = z
  .object({ ignored: z.literal(true), reason: z.string() })
  .openapi('WebhookIgnored');

/** Puts `POST /webhooks/{provider}` into the OpenAPI document (Contract: buildbutler.md 8). */
export function describeWebhooks(rest: RestApp): void {
  describeRoute(rest, {
    method: 'post',
    path: '/webhooks/{provider}',
    tag: 'Webhooks',
    summary: 'Take what a CI system posts by itself',
    description:
      'The signature, token or key is checked over the raw body, as the CI system sends it; `?apiKey=` where it can ' +
      'send nothing else. A delivery that comes twice is stored once.',
    request: {
      params: z.object({ provider: z.string().openapi({ enum: providers }) }),
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
    answers: {
      200: {
        description: 'Known already, or of no interest.',
        content: json(z.union([Ignored, Taken])),
      },
      202: { description: 'Taken; it is read soon.', content: json(Taken) },
    },
    refusals: [400, 401, 404, 413, 500],
  });
}
