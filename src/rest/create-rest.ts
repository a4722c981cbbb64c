import { Hono } from 'hono';
import { refuse } from './refuse.ts';
import { addResults } from './results/results.ts';
import type { RestServices } from './services.ts';

export interface RestOptions extends RestServices {
  /** Whether `/` leads to GraphiQL. */
  readonly graphiql: boolean;
}

/** Makes everything that is not GraphQL. */
export function createRest(options: RestOptions): Hono {
  const rest = new Hono();
  rest.get('/health', (c) => c.json({ status: 'ok' }));
  if (options.graphiql) rest.get('/', (c) => c.redirect('/graphql'));
  addResults(rest, options);
  rest.onError((error, c) => refuse(c, error, options.service.log));
  rest.notFound((c) =>
    c.json(
      { error: { code: 'not_found', message: 'There is nothing here; GraphQL is at /graphql.' } },
      404,
    ),
  );
  return rest;
}
