import type { Logger } from 'pino';
import type { Database } from './db/client.ts';
import type { Capability } from './db/generated/prisma/enums.ts';

/** Who is asking: one organization, through one key. */
export interface Tenant {
  readonly organizationId: string;
  readonly apiKeyId: string;
  readonly capabilities: readonly Capability[];
}

/** What every service function gets first. */
export interface ServiceContext {
  readonly db: Database;
  readonly tenant: Tenant;
  readonly log: Logger;
  /** The clock, passed in so that tests can set it. */
  readonly now: () => Date;
}
