import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { WebhookProvider } from '../db/generated/prisma/enums.ts';
import { parseInput } from '../domain/parse-input.ts';
import { requireCapability } from './require-capability.ts';
import type { SecretBox } from './seal.ts';
import { createSecret } from './secret.ts';
import { visibleWebhookSource, type VisibleWebhookSource } from './visible-webhook-source.ts';

const CreateWebhookSourceInput = z.object({
  provider: z.enum(WebhookProvider),
  name: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(200, 'must have at most 200 characters')
    .regex(/^\P{Cc}*$/u, 'must not hold control characters'),
});

/** The CI system that will send, and what the source is called. */
export type CreateWebhookSourceInput = z.input<typeof CreateWebhookSourceInput>;

/** A new source, with the one sight of its secret. */
export interface CreatedWebhookSource {
  readonly source: VisibleWebhookSource;
  /** 40 lower-case hex digits. */
  readonly secret: string;
}

/**
 * Makes a source of webhooks of the caller's organization and gives it with its secret, which is stored sealed.
 *
 * @throws {ForbiddenError} without the `MANAGE` capability
 * @throws {ValidationError} naming each field that breaks its rule
 */
export async function createWebhookSource(
  ctx: ServiceContext & { readonly secrets: SecretBox },
  input: CreateWebhookSourceInput,
): Promise<CreatedWebhookSource> {
  requireCapability(ctx.tenant, 'MANAGE');
  const { provider, name } = parseInput(CreateWebhookSourceInput, input);
  const { organizationId } = ctx.tenant;
  const id = randomUUID();
  const secret = createSecret();
  const source = await ctx.db.prisma.webhookSource.create({
    ...visibleWebhookSource,
    data: {
      organizationId,
      id,
      provider,
      name: name.toWellFormed(),
      sealedSecret: ctx.secrets.seal(secret, purposeOf(organizationId, id)),
      createdAt: ctx.now(),
    },
  });
  return { source, secret };
}

/** What a source's secret is sealed for: it opens for no other source, nor in another organization. */
export function purposeOf(organizationId: string, sourceId: string): string {
  return `webhook source ${organizationId} ${sourceId}`;
}
