import type { OpenAPIHono } from '@hono/zod-openapi';
import type { BlankEnv } from 'hono/types';
import type { ServiceContext, Uploads } from '../context.ts';
import type { Authenticator } from '../identity/authenticate.ts';

/** What REST routes are made of. */
export interface RestServices {
  readonly authenticator: Authenticator;
  readonly service: Omit<ServiceContext, 'tenant'>;
  readonly uploads: Uploads;
}

/** Where routes are mounted, and described for `/openapi.json`. */
export type RestApp = OpenAPIHono<BlankEnv>;
