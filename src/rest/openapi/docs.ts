import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { RestApp } from '../services.ts';

const directory = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** Files of swagger-ui-dist that the page needs, by the name they are served under. */
const assets = {
  'swagger-ui.css': 'text/css; charset=UTF-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=UTF-8',
  'favicon-32x32.png': 'image/png',
} as const;

const start = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null });`;

/** Everything comes from here: the page works offline, and what it shows can load nothing from elsewhere. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Mounts `/docs`: the OpenAPI document as a page to read and to try. Needs no key. */
export function addDocs(rest: RestApp): void {
  rest.get('/docs', (c) =>
    c.html(page(new URL(c.req.url).pathname.endsWith('/') ? '../' : './'), 200, {
      'content-security-policy': contentSecurityPolicy,
      'referrer-policy': 'no-referrer',
    }),
  );
  rest.get('/docs/start.js', (c) =>
    c.body(start, 200, { 'content-type': 'text/javascript; charset=UTF-8' }),
  );
  for (const [name, contentType] of Object.entries(assets)) {
    rest.get(`/docs/${name}`, async (c) =>
      c.body(new Uint8Array(await readFile(join(directory, name))), 200, {
        'content-type': contentType,
        'cache-control': 'public, max-age=86400',
      }),
    );
  }
}

/** Relative to its own address: the gateway may stand below a path of a proxy. */
function page(root: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Buildatlas REST</title>
    <base href="${root}">
    <link rel="stylesheet" href="docs/swagger-ui.css">
    <link rel="icon" type="image/png" href="docs/favicon-32x32.png">
  </head>
  <body>
    <noscript>The routes are in <a href="openapi.json">openapi.json</a>.</noscript>
    <div id="docs"></div>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;
}
