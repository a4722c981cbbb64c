import { z } from '@hono/zod-openapi';
import { describeRoute } from '../describe-route.ts';
import type { RestApp } from '../services.ts';

const QuarantineAnswer = z
  .object({
    repository: z.string().openapi({ example: 'acme/widgets' }),
    isComplete: z.boolean().openapi({
      description:
        'False when there are more than 10,000 tests, or 16 MiB of them: the latest are here.',
    }),
    tests: z.array(
      z.object({
        id: z
          .string()
          .openapi({ description: '24 hex digits: the `databaseId` of the test case.' }),
        suite: z.string(),
        className: z.string(),
        name: z.string(),
        file: z.string(),
        variant: z.string(),
        mode: z.enum(['MUTE', 'SKIP']).openapi({
          description: 'MUTE: run it, its failure fails no build. SKIP: do not run it.',
        }),
        reason: z.string().nullable(),
        owner: z.string().nullable(),
        expiresAt: z.iso.datetime().nullable(),
      }),
    ),
  })
  .openapi('Quarantine');

/** Puts `GET /api/v1/quarantine` into the OpenAPI document. */
export function describeQuarantine(rest: RestApp): void {
  describeRoute(rest, {
    method: 'get',
    path: '/api/v1/quarantine',
    tag: 'Quarantine',
    summary: 'Read which tests are in quarantine',
    description:
      'For runners, which ask before they run: what was decided last comes first. Send the ETag back as If-None-Match: ' +
      'the answer is 304 until something changes. A key with READ or INGEST will do. HEAD gives the ETag.',
    request: {
      query: z.object({
        repository: z.string().openapi({
          description: '`owner/name` in any letter case.',
          example: 'acme/widgets',
        }),
      }),
      headers: z.object({ 'if-none-match': z.string().optional() }),
    },
    answers: {
      200: {
        description: 'The tests.',
        content: { 'application/json': { schema: QuarantineAnswer } },
      },
      304: { description: 'Nothing changed since the list of If-None-Match.' },
    },
    refusals: [400, 401, 403, 404, 500],
  });
}
