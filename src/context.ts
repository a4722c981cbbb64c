import type { Logger } from 'pino';
import type { BlobStore } from './blobs/blob-store.ts';
import type { Spool } from './blobs/spool.ts';
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

/** Where uploads go. */
export interface Uploads {
  readonly blobs: BlobStore;
  /** Files on their way to the blob store, or back from it. */
  readonly spool: Spool;
  /** Days for which files are kept as they were sent. */
  readonly keptDays: number;
  /** Runs a few uploads at once; the others wait for their turn. */
  readonly limit: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/** What verbs that take files get. */
export interface UploadContext extends ServiceContext {
  readonly uploads: Uploads;
}
