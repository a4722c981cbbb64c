import type { RowOf } from '../../src/db/columns.ts';
import type * as Rows from '../../src/db/generated/prisma/client.ts';
import * as enums from '../../src/db/generated/prisma/enums.ts';
import type { Owner } from './dataset-rows.ts';
import {
  cycle,
  known,
  lasting,
  minute,
  parentOf,
  rowsOf,
  texts,
  uuidOf,
} from './dataset-values.ts';

const providers = Object.values(enums.WebhookProvider);

export function webhookSourceRows({ organizationId, seed }: Owner): RowOf['WebhookSource'][] {
  return rowsOf(20, (index) => ({
    organizationId,
    id: uuidOf(seed, 'webhook source', String(index)),
    provider: cycle(providers, index),
    name: cycle(texts, index),
    createdAt: minute(index % 6),
    revokedAt: index % 3 === 0 ? minute(index) : null,
  }));
}

export function webhookDeliveryRows(
  { organizationId, seed }: Owner,
  sources: RowOf['WebhookSource'][],
  builds: Rows.Build[],
): RowOf['WebhookDelivery'][] {
  return rowsOf(45, (index) => ({
    organizationId,
    id: uuidOf(seed, 'webhook', String(index)),
    provider: cycle(providers, index % 5),
    sourceId: known(index + 1, parentOf(lasting(sources), index).id),
    deliveryKey: `key ${index}`,
    event: cycle(['workflow_run', 'workflow_job', 'Pipeline Hook'], index),
    headers: { 'x-github-event': `event ${index % 3}` },
    status: cycle(Object.values(enums.WebhookDeliveryStatus), index),
    reason: known(index, `reason ${index}`),
    attempts: index % 3,
    receivedAt: minute(index % 6),
    processedAt: known(index + 2, minute(index % 6)),
    buildId: known(index + 3, parentOf(lasting(builds), index).id),
  }));
}
