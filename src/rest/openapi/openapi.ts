import { readFileSync } from 'node:fs';
import type { RestApp } from '../services.ts';

const manifest = new URL('../../../package.json', import.meta.url);

/**
 * Mounts `/openapi.json`: every REST route, from the schemas that validate. Mounted last, when all routes are
 * described. Needs no key.
 */
export function addOpenApi(rest: RestApp): void {
  rest.openAPIRegistry.registerComponent('securitySchemes', 'apiKeyHeader', {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
  });
  rest.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'The same key, as `Authorization: Bearer KEY`; the bare key is taken too.',
  });
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }; // every npm package has one
  const document = JSON.stringify(
    rest.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'Buildatlas REST',
        version,
        description:
          'What CI systems and their clients send. Everything is read through GraphQL, at `graphql` on the same origin.',
        license: { name: 'Apache-2.0' },
      },
      servers: [{ url: './', description: 'The gateway this document comes from.' }],
    }),
  );
  rest.get('/openapi.json', (c) =>
    c.body(document, 200, {
      'content-type': 'application/json; charset=UTF-8',
      'access-control-allow-origin': '*', // nothing in it is secret, and tools of other origins read it
    }),
  );
}
