import { z } from '@hono/zod-openapi';
import { describeRoute } from '../describe-route.ts';
import type { RestApp } from '../services.ts';

const text = { 'text/plain': { schema: z.string() } };

/** Puts the log of a build into the OpenAPI document. */
export function describeBuildLog(rest: RestApp, path: string): void {
  describeRoute(rest, {
    method: 'get',
    path,
    tag: 'Logs',
    summary: 'Read the console log of a build',
    description:
      'The text as it was sent. HEAD gives its size. One range of bytes may be asked for, also with If-Range.',
    request: {
      params: z.object({
        id: z.uuid().openapi({ description: 'Any id that the build is known by.' }),
      }),
      query: z.object({
        section: z
          .string()
          .optional()
          .openapi({ description: 'Only the first section with this name, `=== Job: NAME ===`.' }),
      }),
      headers: z.object({
        range: z.string().optional().openapi({ example: 'bytes=0-1023' }),
      }),
    },
    answers: {
      200: { description: 'The log.', content: text },
      206: { description: 'The range of it.', content: text },
      304: { description: 'It is the one of If-None-Match.' },
    },
    refusals: [401, 403, 404, 416, 500],
  });
}
