import type { ServiceContext, Uploads } from '../context.ts';
import type { Authenticator } from '../identity/authenticate.ts';

/** What REST routes are made of. */
export interface RestServices {
  readonly authenticator: Authenticator;
  readonly service: Omit<ServiceContext, 'tenant'>;
  readonly uploads: Uploads;
}
