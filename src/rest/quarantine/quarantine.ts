import type { Context } from 'hono';
import { quarantineList, quarantineVersion } from '../../analytics/quarantine-list.ts';
import type { ServiceContext } from '../../context.ts';
import { storableText } from '../../domain/text.ts';
import { NotFoundError, ValidationError } from '../../errors.ts';
import { requireCapability } from '../../identity/require-capability.ts';
import { requireKey } from '../../identity/require-key.ts';
import type { RestApp, RestServices } from '../services.ts';
import { describeQuarantine } from './describe-quarantine.ts';

/**
 * Mounts `GET /api/v1/quarantine?repository=owner/name`: which tests runners are to mute or to skip. Who has the list
 * already is told so by one small statement that reads no test.
 */
export function addQuarantine(rest: RestApp, { authenticator, service }: RestServices): void {
  describeQuarantine(rest);
  rest.get('/api/v1/quarantine', async (c) => {
    const tenant = await requireKey(authenticator, c.req.raw.headers);
    // Whoever reports results may know what to do with the tests.
    if (!tenant.capabilities.includes('INGEST')) requireCapability(tenant, 'READ');
    const slug = askedSlug(c.req.query('repository'));
    const ctx = { ...service, tenant };
    return (await answerBriefly(c, ctx, slug)) ?? answerInFull(c, ctx, slug);
  });
}

function askedSlug(repository: string | undefined): string {
  if (repository !== undefined && /^.+\/[^/]+$/.test(repository)) {
    return storableText(repository.toLowerCase());
  }
  throw new ValidationError([{ path: ['repository'], message: 'must be owner/name' }]);
}

/** The answer without the list, where that is enough: to HEAD, and to who has it; else null. */
async function answerBriefly(
  c: Context,
  ctx: ServiceContext,
  slug: string,
): Promise<Response | null> {
  const known = c.req.header('if-none-match');
  const isHead = c.req.raw.method === 'HEAD';
  if (known === undefined && !isHead) return null;
  const { version } = (await quarantineVersion(ctx, slug)) ?? noRepository();
  const etag = `"${version}"`;
  if (known !== undefined && names(known, etag)) return c.newResponse(null, 304, headersOf(etag));
  return isHead ? c.newResponse(null, 200, { ...headersOf(etag), ...json }) : null;
}

async function answerInFull(c: Context, ctx: ServiceContext, slug: string): Promise<Response> {
  const list = (await quarantineList(ctx, slug)) ?? noRepository();
  const { repository, isComplete, tests, version } = list;
  // The tests are JSON already.
  const start = JSON.stringify({ repository, isComplete }).slice(0, -1);
  return c.newResponse(`${start},"tests":${tests}}`, 200, {
    ...headersOf(`"${version}"`),
    ...json,
  });
}

const json = { 'content-type': 'application/json; charset=UTF-8' };

function headersOf(etag: string): Record<string, string> {
  return { etag, 'cache-control': 'private, no-cache', vary: 'authorization, x-api-key' };
}

/** By the weak comparison, as If-None-Match asks for (RFC 9110, 13.1.2). */
function names(list: string, etag: string): boolean {
  const tags = list.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

function noRepository(): never {
  throw new NotFoundError('There is no such repository.');
}
