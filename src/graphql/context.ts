import type { UploadContext } from '../context.ts';
import type { SecretBox } from '../identity/seal.ts';
import type { Outgoing } from '../outgoing/target.ts';
import type { Events } from './events.ts';
import type { Loaders } from './loaders.ts';

/** What every resolver gets: the services' context and this request's loaders. */
export interface GraphQLContext extends UploadContext {
  readonly loaders: Loaders;
  readonly events: Events;
  readonly secrets: SecretBox;
  /** Where webhooks may go. */
  readonly outgoing: Outgoing;
  /** Where this request came to, e.g. `https://buildatlas.example.org`. */
  readonly origin: string;
  /** Whether the key of this request works still, for what lasts longer than a request. */
  readonly keyStillReads: () => Promise<boolean>;
  /** Ends a revoked key's rights in this process at once. */
  readonly forgetKey: (apiKeyId: string) => void;
}
