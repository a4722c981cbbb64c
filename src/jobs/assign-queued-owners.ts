import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { uuid } from '../domain/fields.ts';
import { assignOwners } from '../ingest/assign-owners.ts';

const OwnersJob = z.object({ organizationId: uuid, repositoryId: uuid });

/** Works out the owners of the tests of the repository that a job of the queue names. */
export async function assignQueuedOwners(
  system: Pick<ServiceContext, 'db'>,
  job: unknown,
): Promise<void> {
  await assignOwners(system, OwnersJob.parse(job));
}
