import { fileURLToPath } from 'node:url';
import { OperatorError } from '../operator-error.ts';
import type { BlobStore } from './blob-store.ts';
import { createLocalBlobs } from './local-blobs.ts';
import { createS3Blobs } from './s3-blobs.ts';

/**
 * Opens the store of BLOB_URL: `file:///directory`, or `s3://bucket/prefix?endpoint=…&region=…`, prefix and parameters
 * being optional. `prefix=…` is taken too.
 *
 * @throws {OperatorError} one line that says what is wrong with the variable
 */
export function openBlobStore(blobUrl: string): BlobStore {
  const url = new URL(blobUrl);
  if (url.protocol === 's3:') return openS3(url);
  if (url.protocol !== 'file:') throw new OperatorError('BLOB_URL must begin with file: or s3:');
  if (url.host !== '') throw new OperatorError('BLOB_URL must be file:///directory, with no host');
  return createLocalBlobs(fileURLToPath(url));
}

function openS3(url: URL): BlobStore {
  const known = ['endpoint', 'region', 'prefix'];
  const unknown = [...url.searchParams.keys()].find((name) => !known.includes(name));
  if (unknown != null) throw new OperatorError(`BLOB_URL has an unknown parameter "${unknown}"`);
  if (url.username !== '' || url.password !== '')
    throw new OperatorError('BLOB_URL takes no credentials; set AWS_ACCESS_KEY_ID and others');
  const endpoint = url.searchParams.get('endpoint') || undefined;
  if (endpoint != null && !isWebAddress(endpoint))
    throw new OperatorError('BLOB_URL has an endpoint that is no http: or https: URL');
  if (url.hostname === '') throw new OperatorError('BLOB_URL names no bucket');

  const prefix = url.searchParams.get('prefix') || decodeURIComponent(url.pathname);
  return createS3Blobs({
    bucket: url.hostname,
    prefix: prefix.replace(/^\/+|\/+$/g, '').replace(/.$/, '$&/'),
    endpoint,
    region: url.searchParams.get('region') || undefined,
  });
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
