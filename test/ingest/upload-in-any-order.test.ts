import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { packTar, packZip } from '../formats/archive-packers.ts';
import { startGateway, type TestGateway, type TestOrganization } from '../support/start-gateway.ts';
import { type NamedContent, uploadFiles } from './upload-files.ts';
import { aReport } from './upload-reports.ts';
import { countedResults, rowsOfResults } from './upload-rows.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const target = {
  repository: { owner: 'acme', name: 'widgets' },
  jobName: 'ci',
  number: 1,
  startedAt: '2026-05-10T07:59:00.000Z',
  commitSha: 'c'.repeat(40),
  branch: 'main',
};

const operation = `mutation ($input: UploadTestReportsInput!, $files: [File!]!) {
  uploadTestReports(input: $input, files: $files) { __typename ... on Error { message }
    ... on UploadTestReportsPayload { accepted duplicates } } }`;

/** Sends files through GraphQL and gives how many attempts were new. */
async function sendForm({ key }: TestOrganization, files: readonly NamedContent[]) {
  const { uploadTestReports } = await uploadFiles<{ uploadTestReports: { accepted: number } }>(
    gateway,
    operation,
    target,
    files,
    key,
  );
  return uploadTestReports.accepted;
}

/** Sends one file as the body over REST; the same. */
async function sendBody({ key }: TestOrganization, bytes: Buffer) {
  const { repository, jobName, number, startedAt, commitSha, branch } = target;
  const said = { job: jobName, number: String(number), startedAt, commitSha, branch };
  const query = new URLSearchParams({
    ...said,
    repository: `${repository.owner}/${repository.name}`,
  });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/octet-stream' };
  const url = `${gateway.url}/api/v1/results?${String(query)}`;
  const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(bytes) });
  const { accepted } = (await response.json()) as { accepted: number };
  return accepted;
}

/** One file of an upload: how much of it is sent, and under which name. */
interface Part {
  readonly report: string;
  readonly name: string;
  readonly share: number;
}

interface Sending {
  readonly parts: readonly Part[];
  readonly packing: 'plain' | 'gzip' | 'zip' | 'tar' | 'tar.gz' | 'body';
  /** How much of each packed file arrives. */
  readonly share: number;
}

async function send(organization: TestOrganization, { parts, packing, share }: Sending) {
  const files = parts.map((part, index) => ({
    name: `${index}/${part.name}`,
    bytes: beginning(Buffer.from(part.report), part.share),
  }));
  const plain = files.map(({ name, bytes }) => [name, bytes] as const);
  const gzipped = files.map(
    ({ name, bytes }) => [name, beginning(gzipSync(bytes), share)] as const,
  );
  const tar = await packTar(files);
  const sent = {
    plain: () => sendForm(organization, plain),
    gzip: () => sendForm(organization, gzipped),
    zip: () => sendForm(organization, [['all.zip', beginning(packZip(files), share)]]),
    tar: () => sendForm(organization, [['all', beginning(tar, share)]]),
    'tar.gz': () => sendForm(organization, [['all.tgz', beginning(gzipSync(tar), share)]]),
    body: () => sendBody(organization, beginning(gzipSync(tar), share)),
  };
  return sent[packing]();
}

function beginning(bytes: Buffer, share: number): Buffer {
  return bytes.subarray(0, Math.ceil(bytes.length * share));
}

const packings = ['plain', 'gzip', 'zip', 'tar', 'tar.gz', 'body'] as const;
const names = fc.constantFrom('report.xml', 'TEST-a.xml', 'x', 'résults.json');

const someShare = fc.double({ min: 0.05, max: 1, noNaN: true });
const all = fc.constant(1);

function sendingOf(
  reports: readonly string[],
  said: { readonly share: fc.Arbitrary<number>; readonly minLength: number },
): fc.Arbitrary<Sending> {
  const chosen = fc.shuffledSubarray([...reports], said);
  const parts = chosen.chain((some) =>
    fc.tuple(
      ...some.map((report) =>
        fc.record({ report: fc.constant(report), name: names, share: said.share }),
      ),
    ),
  );
  return fc.record({ parts, packing: fc.constantFrom(...packings), share: said.share });
}

/** All reports, under any names and in any order. */
const wholeOf = (reports: readonly string[]) =>
  sendingOf(reports, { share: all, minLength: reports.length });

/** Some of them, each whole or cut off. */
const partOf = (reports: readonly string[]) =>
  sendingOf(reports, { share: fc.oneof(all, someShare), minLength: 1 });

const uploads = fc.array(aReport, { minLength: 1, maxLength: 4 }).chain((reports) =>
  fc.record({
    reports: fc.constant(reports),
    sendings: fc
      .tuple(wholeOf(reports), fc.array(partOf(reports), { maxLength: 4 }))
      .chain(([whole, parts]) =>
        fc.shuffledSubarray([whole, whole, ...parts], { minLength: parts.length + 1 }),
      ),
    isAtOnce: fc.boolean(),
  }),
);

test('an upload in pieces of any kind, repeated, in any order and at once ends in the rows of one', async () => {
  await fc.assert(
    fc.asyncProperty(uploads, async ({ reports, sendings, isAtOnce }) => {
      const one = await gateway.createOrganization();
      const many = await gateway.createOrganization();
      const parts = reports.map((report, index) => ({ report, name: `${index}`, share: 1 }));
      const whole = await send(one, { parts, packing: 'plain', share: 1 });

      const accepted = isAtOnce
        ? await Promise.all(sendings.map((sending) => send(many, sending)))
        : await inTurn(sendings, (sending) => send(many, sending));

      const expected = await rowsOfResults(gateway, one.organizationId);
      expect(await rowsOfResults(gateway, many.organizationId)).toEqual(expected);
      const stored = expected.results.length;
      expect(whole).toBe(stored);
      expect(accepted.reduce((sum, count) => sum + count, 0)).toBe(stored);
      expect(await countedResults(gateway, many.organizationId)).toBe(stored);
    }),
    { numRuns: 20, endOnFailure: true },
  );
}, 60_000);

async function inTurn<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
