import { z } from 'zod';
import type { ServiceContext, Tenant } from '../context.ts';
import { Capability } from '../db/generated/prisma/enums.ts';
import { parseInput } from '../domain/parse-input.ts';
import { ForbiddenError, ValidationError } from '../errors.ts';
import { requireCapability } from './require-capability.ts';
import { createSecret, hashSecret, hintOfSecret } from './secret.ts';
import { visibleApiKey, type VisibleApiKey } from './visible-api-key.ts';

const NAME_MAX_LENGTH = 200;
/** Postgres and JavaScript write later years differently. */
const LAST_EXPIRY = new Date('9999-12-31T23:59:59.999Z');

const createApiKeyInput = (now: Date) =>
  z.object({
    name: z
      .string()
      .trim()
      .min(1, 'must not be empty')
      .max(NAME_MAX_LENGTH, `must have at most ${String(NAME_MAX_LENGTH)} characters`)
      .regex(/^\P{Cc}*$/u, 'must not hold control characters'),
    capabilities: z
      .array(z.enum(Capability))
      .min(1, 'must name at least one capability')
      .refine((all) => new Set(all).size === all.length, 'must not name a capability twice'),
    expiresAt: z
      .date()
      .refine((at) => at > now, 'must be in the future')
      .max(LAST_EXPIRY, 'must be before the year 10000')
      .nullish(),
    userId: z.guid('must be a UUID').nullish(),
  });

/** Name (1 to 200 characters), capabilities (at least one, each once), and optionally expiry and owner. */
export type CreateApiKeyInput = z.input<ReturnType<typeof createApiKeyInput>>;

/** A new key, with the one sight of its secret. */
export interface CreatedApiKey {
  readonly apiKey: VisibleApiKey;
  /** 40 lower-case hex digits; not stored, so never shown again. */
  readonly secret: string;
}

/**
 * Makes a key of the caller's organization and gives it with its secret.
 *
 * @throws {ForbiddenError} without the `ADMIN` capability, or when the new key would hold a capability
 *   that the caller's key lacks
 * @throws {ValidationError} naming each field that breaks its rule
 */
export async function createApiKey(
  ctx: ServiceContext,
  input: CreateApiKeyInput,
): Promise<CreatedApiKey> {
  requireCapability(ctx.tenant, 'ADMIN');
  const { name, capabilities, expiresAt, userId } = parseInput(createApiKeyInput(ctx.now()), input);
  refuseUnheldCapabilities(ctx.tenant, capabilities);
  if (userId != null) await refuseUnknownUser(ctx, userId);

  const secret = createSecret();
  const apiKey = await ctx.db.prisma.apiKey.create({
    ...visibleApiKey,
    data: {
      organizationId: ctx.tenant.organizationId,
      userId: userId ?? null,
      name,
      capabilities: Object.values(Capability).filter((each) => capabilities.includes(each)),
      expiresAt: expiresAt ?? null,
      createdAt: ctx.now(),
      secretHash: hashSecret(secret),
      hint: hintOfSecret(secret),
    },
  });
  return { apiKey, secret };
}

function refuseUnheldCapabilities(tenant: Tenant, capabilities: readonly Capability[]): void {
  const unheld = capabilities.filter((each) => !tenant.capabilities.includes(each));
  if (unheld.length === 0) return;

  throw new ForbiddenError(
    `A key can give only capabilities it holds; yours lacks ${unheld.join(', ')}.`,
  );
}

async function refuseUnknownUser({ db }: ServiceContext, userId: string): Promise<void> {
  const user = await db.prisma.user.findUnique({ where: { id: userId }, select: { id: true } });
  if (user !== null) return;

  throw new ValidationError([{ path: ['input', 'userId'], message: 'is not the id of a user' }]);
}
