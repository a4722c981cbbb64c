import { OpenAPIHono } from '@hono/zod-openapi';
import { addBuildLog } from './build-log/build-log.ts';
import { addBuildButler } from './buildbutler/buildbutler.ts';
import { addHealth } from './health.ts';
import { describeWebhooks } from './openapi/describe-webhooks.ts';
import { addDocs } from './openapi/docs.ts';
import { addOpenApi } from './openapi/openapi.ts';
import { addQuarantine } from './quarantine/quarantine.ts';
import { refuse } from './refuse.ts';
import { addResults } from './results/results.ts';
import type { RestApp, RestServices } from './services.ts';

export interface RestOptions extends RestServices {
  /** Whether `/` leads to GraphiQL. */
  readonly graphiql: boolean;
}

/** Makes everything that is not GraphQL. */
export function createRest(options: RestOptions): RestApp {
  const rest: RestApp = new OpenAPIHono({ strict: false }); // a slash at the end of a path changes nothing
  addHealth(rest);
  if (options.graphiql) rest.get('/', (c) => c.redirect('/graphql'));
  addBuildButler(rest, options);
  addBuildLog(rest, options);
  addResults(rest, options);
  addQuarantine(rest, options);
  describeWebhooks(rest); // a door of its own
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
