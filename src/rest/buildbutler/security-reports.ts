import { z } from '@hono/zod-openapi';
import type { ServiceContext } from '../../context.ts';
import { storableJson } from '../../domain/storable-json.ts';
import { storeOrHold } from '../../ingest/hold-message.ts';
import {
  recordSecurityDocument,
  type RecordSecurityDocumentInput,
} from '../../ingest/record-security-document.ts';
import type { RestApp } from '../services.ts';
import { buildId } from './fields.ts';
import { addIngestRoute, type IngestAnswer, type IngestServices } from './ingest-route.ts';
import { Accepted, Held } from './present.ts';
import { readWith } from './read-with.ts';

const WireSecurityReport = z.looseObject({ buildId }).openapi('SecurityReport');

/** Mounts `security-reports` (Contract: buildbutler.md 7.6). */
export function addSecurityReports(rest: RestApp, services: IngestServices): void {
  addIngestRoute(rest, services, {
    names: ['security-reports'],
    summary: 'Report a security scan of a build',
    description:
      'Any document, kept as it is. Read are `tool` or `scanner`, `type`, `findings` or `vulnerabilities`, and SARIF ' +
      '2.1.0 under `sarif` or `report`.',
    body: WireSecurityReport,
    answers: { 201: Accepted, 202: Held },
    read: (json) => {
      const { buildId, ...document } = readWith(WireSecurityReport, json);
      // Bounded in depth, so that it can be held; an object stays one.
      return { buildId, document: storableJson(document) as Record<string, unknown> };
    },
    store,
  });
}

async function store(
  ctx: ServiceContext,
  input: RecordSecurityDocumentInput,
): Promise<IngestAnswer> {
  const { stored } = await storeOrHold(ctx, 'SECURITY_REPORT', input, recordSecurityDocument);
  if (stored === null) return { status: 202, body: { accepted: 1, held: true } };
  const [first] = stored.reports;
  const { length } = stored.reports;
  return {
    status: 201,
    body: {
      ...(first === undefined ? {} : { id: first.id }),
      accepted: length,
      duplicates: length - stored.created,
    },
  };
}
