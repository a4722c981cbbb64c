import type { ServiceContext } from '../context.ts';
import type { SecretBox } from '../identity/seal.ts';
import type { Outgoing } from './target.ts';

/** What sending webhooks takes. */
export interface System extends Pick<ServiceContext, 'db' | 'now'> {
  readonly secrets: SecretBox;
  readonly outgoing: Outgoing;
}

/** What verbs about endpoints get. */
export type OutgoingContext = ServiceContext & System;
