import { z } from '@hono/zod-openapi';
import { describeRoute } from '../describe-route.ts';
import type { RestApp } from '../services.ts';
import { WireTarget } from './wire.ts';

const count = z.number().int();

const FileAnswer = z.object({
  name: z.string(),
  format: z.string().nullable(),
  attempts: count,
  accepted: count,
  duplicates: count,
  rejectedCount: count,
  rejected: z.array(z.object({ index: count, name: z.string().nullable(), reason: z.string() })),
  warningCount: count,
  warnings: z.array(z.string()),
  problem: z.string().nullable(),
});

const ResultsAnswer = z
  .object({
    build: z.object({ id: z.uuid() }),
    submission: z.object({
      id: z.string(),
      key: z.string(),
      status: z.string(),
      failureReason: z.string().nullable(),
    }),
    accepted: count,
    duplicates: count,
    rejectedCount: count,
    files: z.array(FileAnswer),
  })
  .openapi('Results');

const json = { 'application/json': { schema: ResultsAnswer } };
const report = z.string().openapi({ format: 'binary' });

/** Puts `POST /api/v1/results` into the OpenAPI document. */
export function describeResults(rest: RestApp): void {
  describeRoute(rest, {
    method: 'post',
    path: '/api/v1/results',
    tag: 'Files',
    summary: 'Upload test reports',
    description:
      'The files of a form, archives of them, or one report as the body. What they belong to stands in the query or in ' +
      'fields of the form. At most 512 MiB.',
    request: {
      query: WireTarget.extend({
        name: z
          .string()
          .optional()
          .openapi({ description: 'File name of a report sent as the body.' }),
      }),
      body: {
        required: true,
        content: {
          'multipart/form-data': { schema: z.object({ file: report }) },
          'application/xml': { schema: report },
          'application/octet-stream': { schema: report },
        },
      },
    },
    answers: {
      200: { description: 'All of it was known.', content: json },
      201: { description: 'Stored.', content: json },
      422: { description: 'Kept, but nothing in it could be read.', content: json },
    },
    refusals: [400, 401, 403, 404, 413, 500, 507],
  });
}
