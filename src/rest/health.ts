import { z } from '@hono/zod-openapi';
import { describeRoute } from './describe-route.ts';
import type { RestApp } from './services.ts';

const Health = z.object({ status: z.literal('ok') }).openapi('Health');

/** Mounts `/health`: says that the gateway answers. */
export function addHealth(rest: RestApp): void {
  describeRoute(rest, {
    method: 'get',
    path: '/health',
    tag: 'Gateway',
    summary: 'Ask whether the gateway answers',
    isPublic: true,
    answers: {
      200: { description: 'It does.', content: { 'application/json': { schema: Health } } },
    },
    refusals: [],
  });
  rest.get('/health', (c) => c.json({ status: 'ok' }));
}
