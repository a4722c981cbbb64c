import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import type { SecurityReport } from '../db/generated/prisma/client.ts';
import { uuid } from '../domain/fields.ts';
import { parseInput } from '../domain/parse-input.ts';
import { storableJson } from '../domain/storable-json.ts';
import { textOf } from '../formats/json-values.ts';
import { toolIn } from '../formats/security/security-reader.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { recordSecurityReport } from './record-security-report.ts';
import type { UploadEntry } from './read-upload.ts';

const RecordSecurityDocumentInput = z.object({
  buildId: uuid,
  document: z.record(z.string(), z.unknown()),
});
export interface RecordSecurityDocumentInput {
  readonly buildId: string;
  readonly document: Readonly<Record<string, unknown>>;
}

export interface RecordedSecurityDocument {
  /** One for each scanner; one without findings when the document has none that can be read. */
  readonly reports: readonly SecurityReport[];
  /** How many of them are new. */
  readonly created: number;
}

/**
 * Stores a security report that came as JSON: the document as it is, and the findings of the simple form or of SARIF
 * in it. A document of any other form is kept too, with no findings. The same document for the same build is stored
 * once (Contract: buildbutler.md 7.6).
 *
 * @throws {ForbiddenError} without the `INGEST` capability
 * @throws {NotFoundError} if there is no such build
 * @throws {ValidationError} if the document is no object
 */
export async function recordSecurityDocument(
  ctx: ServiceContext,
  input: RecordSecurityDocumentInput,
): Promise<RecordedSecurityDocument> {
  requireCapability(ctx.tenant, 'INGEST');
  const { buildId, document } = parseInput(RecordSecurityDocumentInput, input);
  const kept = storableJson(document) as Record<string, unknown>; // an object stays one
  const tool = toolIn(kept['tool']) ?? toolIn(kept['scanner']);
  const kind = textOf(kept, 'type').slice(0, longestKind).toLowerCase() || null;
  const { reports, created } = await recordSecurityReport(
    ctx,
    { buildId, document: kept, tool, kind },
    entryOf(kept),
  );
  return { reports, created };
}

const longestKind = 64;
const pieceBytes = 65_536;

async function* entryOf(document: object): AsyncGenerator<UploadEntry> {
  yield await Promise.resolve({
    name: 'document.json',
    problem: null,
    content: piecesOf(Buffer.from(JSON.stringify(document))),
  });
}

/** In pieces, so that other requests have their turn between them. */
async function* piecesOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    yield await Promise.resolve(bytes.subarray(at, at + pieceBytes));
  }
}
