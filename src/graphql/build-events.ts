import type { BuildChange } from '../ingest/notify-build.ts';

/** Changes of builds as they are committed, by any gateway on this database. */
export interface BuildEvents {
  /** Changes in one repository of one organization, until the reader stops. */
  inRepository(organizationId: string, repositoryId: string): AsyncIterableIterator<BuildChange>;
}
