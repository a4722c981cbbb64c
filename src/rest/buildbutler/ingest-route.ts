import type { z } from '@hono/zod-openapi';
import type { ServiceContext, Tenant } from '../../context.ts';
import { requireCapability } from '../../identity/require-capability.ts';
import { presentedKey } from '../../identity/presented-key.ts';
import { requireKey } from '../../identity/require-key.ts';
import type { Context } from 'hono';
import { describeRoute } from '../describe-route.ts';
import type { JsonReader } from '../read-json.ts';
import type { RestApp, RestServices } from '../services.ts';

/** The seed's prefix and the real client's: the same handlers (Contract: buildbutler.md 2). */
const ingestPrefixes = ['/api/v1/ingest', '/ingest'] as const;

export interface IngestAnswer {
  /** 200 updated, 201 stored, 202 kept until its build comes. */
  readonly status: 200 | 201 | 202;
  readonly body: object;
}

export interface IngestRoute<Body> {
  /** Names of the resource, behind each prefix. */
  readonly names: readonly string[];
  readonly summary: string;
  readonly description: string;
  /** What validates the body, for the documentation. */
  readonly body: z.ZodType;
  /** What a body is answered with, by status. */
  readonly answers: Readonly<Partial<Record<IngestAnswer['status'], z.ZodType>>>;
  /**
   * Reads the JSON.
   *
   * @throws {ValidationError} naming each field that cannot be read
   */
  readonly read: (json: unknown) => Body;
  readonly store: (ctx: ServiceContext, body: Body) => Promise<IngestAnswer>;
}

/** What routes of the ingest API are made of. */
export interface IngestServices extends RestServices {
  readonly readJson: JsonReader;
}

/** Mounts a resource of the ingest API. Whoever has no right to it is told so before the body is read. */
export function addIngestRoute<Body>(
  rest: RestApp,
  { authenticator, service, readJson }: IngestServices,
  route: IngestRoute<Body>,
): void {
  for (const path of pathsOf(route.names)) {
    describeIngest(rest, path, route);
    rest.post(path, async (c) => {
      const tenant = await requireIngest(c, authenticator);
      const ctx = { ...service, tenant };
      const answer = await readJson(c, async (json) => route.store(ctx, route.read(json)));
      return c.json(answer.body, answer.status);
    });
  }
}

/**
 * Gives whose key the request presents: in a header, or else as `?apiKey=` (Contract: buildbutler.md 3).
 *
 * @throws {UnauthenticatedError} when there is none, or it does not work
 * @throws {ForbiddenError} when it may not ingest
 */
export async function requireIngest(
  c: Context,
  authenticator: RestServices['authenticator'],
): Promise<Tenant> {
  const key = presentedKey(c.req.raw.headers) ?? c.req.query('apiKey')?.trim() ?? null;
  const tenant = await requireKey(authenticator, key);
  requireCapability(tenant, 'INGEST');
  return tenant;
}

/** Every path of a resource of the ingest API. */
export function pathsOf(names: readonly string[]): string[] {
  return ingestPrefixes.flatMap((prefix) => names.map((name) => `${prefix}/${name}`));
}

const outcomes = {
  200: 'It was known and is updated.',
  201: 'Stored.',
  202: 'Its build is not known yet: kept, and stored when the build comes.',
} as const;

/** Puts one path of a resource of the ingest API into the OpenAPI document. */
export function describeIngest(
  rest: RestApp,
  path: string,
  route: Pick<IngestRoute<unknown>, 'summary' | 'description' | 'body' | 'answers'>,
): void {
  const answers = Object.entries(route.answers).map(([status, schema]) => [
    status,
    {
      // The keys of answers are statuses.
      description: outcomes[Number(status) as IngestAnswer['status']],
      content: { 'application/json': { schema } },
    },
  ]);
  describeRoute(rest, {
    method: 'post',
    path,
    tag: path.startsWith('/api') ? 'Ingest' : 'Ingest, short paths',
    summary: route.summary,
    description: route.description,
    request: { body: { required: true, content: { 'application/json': { schema: route.body } } } },
    answers: Object.fromEntries(answers) as Record<string, { description: string }>,
    refusals: [400, 401, 403, 413, 500, 507],
  });
}
