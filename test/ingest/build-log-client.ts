import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestGateway } from '../support/start-gateway.ts';
import { postForm } from './upload-files.ts';

/** A multipart request with the log as its one file. */
export function logForm(
  { query, variables }: { readonly query: string; readonly variables: object },
  log: string | Uint8Array,
): FormData {
  const form = new FormData();
  form.set('operations', JSON.stringify({ query, variables: { ...variables, file: null } }));
  form.set('map', JSON.stringify({ log: ['variables.file'] }));
  form.set('log', new File([typeof log === 'string' ? log : new Uint8Array(log)], 'build.log'));
  return form;
}

const mutation = `mutation($input: UploadBuildLogInput!, $file: File!) {
  uploadBuildLog(input: $input, file: $file) {
    __typename
    ... on UploadBuildLogPayload { replaced log { sizeBytes lineCount } }
    ... on Error { message } } }`;

export interface UploadedLog {
  readonly __typename: string;
  readonly message?: string;
  readonly replaced?: boolean;
  readonly log?: { readonly sizeBytes: number; readonly lineCount: number };
}

/** Uploads the log of a build over GraphQL; gives the result. */
export async function uploadLog(
  gateway: TestGateway,
  buildId: string,
  log: string | Uint8Array,
  key = gateway.key,
): Promise<UploadedLog> {
  const form = logForm({ query: mutation, variables: { input: { buildId } } }, log);
  const response = await postForm(gateway, form, key);
  // As the mutation above asks.
  const answer = (await response.json()) as { data?: { uploadBuildLog: UploadedLog } | null };
  if (answer.data == null) throw new Error(JSON.stringify(answer));
  return answer.data.uploadBuildLog;
}

/** Records a build; gives its id. */
export async function recordedBuild(
  gateway: TestGateway,
  id: string = randomUUID(),
): Promise<string> {
  const body = {
    id,
    jobName: 'ci',
    buildNumber: 1,
    status: 'SUCCESS',
    jenkinsInstanceId: 'https://github.com/acme/widgets',
  };
  const response = await gateway.post('/ingest/builds', body);
  if (!response.ok) throw new Error(await response.text());
  return id;
}

/** Sends the log of a build as BuildButler's clients do; gives the answer. */
export function postLog(
  gateway: TestGateway,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return gateway.post('/api/v1/ingest/build-logs', body, headers);
}

/** Sends the log of a build and takes care that it was stored. */
export async function storedLog(
  gateway: TestGateway,
  logContent: string,
  id?: string,
): Promise<string> {
  const buildId = await recordedBuild(gateway, id);
  const response = await postLog(gateway, { buildId, logContent });
  if (response.status !== 201) throw new Error(await response.text());
  return buildId;
}

/** Keys of all logs that the gateway has in its blob store. */
export async function keptLogs({ config }: Pick<TestGateway, 'config'>): Promise<string[]> {
  const dir = join(config.dataDir, 'blobs', 'logs');
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}
