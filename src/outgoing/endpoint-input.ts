import { z } from 'zod';
import { WebhookEvent } from '../db/generated/prisma/enums.ts';
import { uuid } from '../domain/fields.ts';
import { parseInput } from '../domain/parse-input.ts';
import { name } from '../domain/text.ts';
import type { InputIssue } from '../errors.ts';
import { type Outgoing, refusalOf } from './target.ts';

const Events = z
  .array(z.enum(WebhookEvent))
  .min(1, { error: 'must not be empty' })
  .max(100, { error: 'must be at most 100 entries' })
  .transform((events) => [...new Set(events)]);

const Url = name(2048);

/** Where webhooks are to be sent and what of; of all repositories when none is named. */
export const CreateWebhookEndpointInput = z.object({
  url: Url,
  events: Events,
  repositoryId: uuid.nullish(),
});
export type CreateWebhookEndpointInput = z.input<typeof CreateWebhookEndpointInput>;

/** What is to change; what is absent stays, null as `repositoryId` means all repositories. */
export const UpdateWebhookEndpointInput = z.object({
  id: uuid,
  url: Url.nullish(),
  events: Events.nullish(),
  repositoryId: uuid.nullish(),
  isEnabled: z.boolean().nullish(),
});
export type UpdateWebhookEndpointInput = z.input<typeof UpdateWebhookEndpointInput>;

/**
 * Gives the parsed input, with a URL that webhooks may go to.
 *
 * @throws {ValidationError} naming each field that breaks its rule
 */
export function parseEndpoint<Schema extends z.ZodType>(
  schema: Schema,
  input: { readonly url?: string | null | undefined },
  outgoing: Outgoing,
): z.output<Schema> {
  const refusal = input.url == null || input.url === '' ? null : refusalOf(input.url, outgoing);
  const issues: InputIssue[] =
    refusal === null ? [] : [{ path: ['input', 'url'], message: refusal }];
  return parseInput(schema, input, issues);
}
