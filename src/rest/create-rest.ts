import { OpenAPIHono } from '@hono/zod-openapi';
import type { Hono } from 'hono';
import { addBuildButler } from './buildbutler/buildbutler.ts';
import { addHealth } from './health.ts';
import { describeWebhooks } from './openapi/describe-webhooks.ts';
import { addDocs } from './openapi/docs.ts';
import { addOpenApi } from './openapi/openapi.ts';
import { refuse } from './refuse.ts';
import { addResults } from './results/results.ts';
import type { RestApp, RestServices } from './services.ts';

export interface RestOptions extends RestServices {
  /** Whether `/` leads to GraphiQL. */
  readonly graphiql: boolean;
  /** What answers `/webhooks/*`: a door of its own. */
  readonly webhooks?: Hono | undefined;
}

/** Makes everything that is not GraphQL. */
export function createRest(options: RestOptions): RestApp {
  const rest: RestApp = new OpenAPIHono({ strict: false }); // a slash at the end of a path changes nothing
  addHealth(rest);
  if (options.graphiql) rest.get('/', (c) => c.redirect('/graphql'));
  addBuildButler(rest, options);
  addResults(rest, options);
  if (options.webhooks !== undefined) {
    describeWebhooks(rest);
    rest.route('/', options.webhooks);
  }
  addOpenApi(rest);
  addDocs(rest);
  rest.onError((error, c) => refuse(c, error, options.service.log));
  rest.notFound((c) =>
    c.json(
      { error: { code: 'not_found', message: 'There is nothing here; GraphQL is at /graphql.' } },
      404,
    ),
  );
  return rest;
}
