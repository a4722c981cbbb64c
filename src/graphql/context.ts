import type { YogaInitialContext } from 'graphql-yoga';
import type { ServiceContext } from '../context.ts';
import type { BuildEvents } from './build-events.ts';
import type { Loaders } from './loaders.ts';

/** What every resolver gets: the services' context and this request's loaders. */
export interface GraphQLContext extends ServiceContext, YogaInitialContext {
  readonly loaders: Loaders;
  readonly events: BuildEvents;
  /** Ends the revoked key's rights in this process at once. */
  readonly forgetKey: (apiKeyId: string) => void;
  /** Names the request in the log. */
  readonly requestId: string;
}
