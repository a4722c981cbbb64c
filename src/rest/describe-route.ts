import { type RouteConfig, z } from '@hono/zod-openapi';
import type { RestApp } from './services.ts';

/** How every route says no (Contract: buildbutler.md 5). */
const ErrorAnswer = z
  .object({
    error: z.object({
      code: z.string().openapi({ example: 'bad_request' }),
      message: z.string().openapi({ description: 'One sentence for a person, without secrets.' }),
    }),
  })
  .openapi('Error');

/** What may go wrong, by status. */
const refusals = {
  400: 'The body is no JSON, or a required field has the wrong type.',
  401: 'No key, or one that is unknown, revoked or expired.',
  403: 'The key may not do this.',
  404: 'There is no such thing, or it belongs to somebody else.',
  408: 'The body did not come in time.',
  413: 'The body is too large.',
  416: 'The range is not in it.',
  422: 'Nothing in it could be read.',
  429: 'Too many requests; Retry-After says when to come back.',
  500: 'A bug of the gateway; it is in its log.',
  507: 'The gateway has no disk space left.',
} as const;
export type Refusal = keyof typeof refusals;

export interface RouteDescription {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Whether no key is needed. Default false. */
  readonly isPublic?: boolean;
  readonly request?: RouteConfig['request'];
  /** Answers that say yes, by status. */
  readonly answers: RouteConfig['responses'];
  /** Statuses that say no. */
  readonly refusals: readonly Refusal[];
}

/** Puts a route into the OpenAPI document. */
export function describeRoute(rest: RestApp, route: RouteDescription): void {
  const { method, path, tag, summary, description, request, answers } = route;
  rest.openAPIRegistry.registerPath({
    method,
    path,
    tags: [tag],
    summary,
    operationId: operationIdOf(method, path),
    ...(description === undefined ? {} : { description }),
    ...(request === undefined ? {} : { request }),
    security: route.isPublic === true ? [] : [{ apiKeyHeader: [] }, { bearer: [] }],
    responses: {
      ...answers,
      ...Object.fromEntries(
        route.refusals.map((status) => [
          status,
          {
            description: refusals[status],
            // Content-Range says all there is to say.
            ...(status === 416 ? {} : { content: { 'application/json': { schema: ErrorAnswer } } }),
          },
        ]),
      ),
    },
  });
}

/** `post /ingest/build-logs` is `postIngestBuildLogs`. */
function operationIdOf(method: string, path: string): string {
  return [method, ...path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')]
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
}
