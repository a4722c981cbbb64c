import type { RestApp, RestServices } from '../services.ts';
import { requireKey } from '../../identity/require-key.ts';
import { requireCapability } from '../../identity/require-capability.ts';
import { uploadTestReports } from '../../ingest/upload-test-reports.ts';
import { describeResults } from './describe-results.ts';
import { presentReports } from './present.ts';
import { receiveFiles } from './receive.ts';
import { readTarget } from './wire.ts';

/**
 * Mounts `POST /api/v1/results`: test reports as the files of a form or as the body itself
 * (Contract: buildbutler.md 7.7). What they belong to stands in the query or in the form's fields. Answers 201 when
 * something is new, 200 when nothing is, 422 when nothing could be read.
 */
export function addResults(rest: RestApp, { authenticator, service, uploads }: RestServices): void {
  describeResults(rest);
  rest.post('/api/v1/results', async (c) => {
    const tenant = await requireKey(authenticator, c.req.raw.headers);
    requireCapability(tenant, 'INGEST'); // before any of it is written to disk
    const query = c.req.query();
    readTarget(query, new Map());
    const { fields, files } = await receiveFiles(c, uploads.spool);
    try {
      const ctx = { ...service, uploads, tenant };
      const uploaded = await uploadTestReports(ctx, readTarget(query, fields), files);
      const answer = presentReports(uploaded);
      if (answer.submission.status === 'FAILED') return c.json(answer, 422);
      return c.json(answer, answer.accepted > 0 ? 201 : 200);
    } finally {
      for (const file of files) await file.remove();
    }
  });
}
