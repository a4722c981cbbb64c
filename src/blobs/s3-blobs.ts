import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  S3Client,
  S3ServiceException,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import {
  BlobNotFoundError,
  checkKey,
  checkRange,
  writeTo,
  type BlobRange,
  type BlobStore,
} from './blob-store.ts';

/** Where the bucket is. Credentials come from where every AWS program has them: environment, profile, role. */
export interface S3Location {
  readonly bucket: string;
  /** What every key begins with; empty, or it ends with `/`. */
  readonly prefix: string;
  /** Of R2, MinIO and others; AWS when undefined. */
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
}

const PART_BYTES = 8 * 1024 ** 2;
/** S3 takes 10,000. */
const MOST_PARTS = 9_000;

/** Keeps blobs as objects of a bucket. */
export function createS3Blobs(location: S3Location): BlobStore {
  const client = new S3Client(configOf(location));

  function objectOf(key: string): { Bucket: string; Key: string } {
    checkKey(key);
    return { Bucket: location.bucket, Key: `${location.prefix}${key}` };
  }

  async function size(key: string): Promise<number> {
    const object = objectOf(key);
    const head = await client.send(new HeadObjectCommand(object)).catch(explain(key));
    return head.ContentLength ?? 0;
  }

  async function read(key: string, range: BlobRange = { start: 0 }): Promise<Readable> {
    const object = objectOf(key);
    checkRange(range);
    if (range.end === range.start) {
      await size(key); // S3 knows no empty ranges, and a missing blob has none at all
      return Readable.from([]);
    }
    try {
      const { Body } = await client.send(
        new GetObjectCommand({ ...object, Range: headerOf(range) }),
      );
      if (Body instanceof Readable) return Body;
    } catch (error) {
      if (!isBehindEnd(error)) explain(key)(error);
      return Readable.from([]);
    }
    throw new TypeError('S3 answered without a body.');
  }

  return {
    async putFile(key, path) {
      const { size: sizeBytes } = await stat(path);
      const partSize = Math.max(PART_BYTES, Math.ceil(sizeBytes / MOST_PARTS));
      const Body = createReadStream(path);
      try {
        await new Upload({ client, params: { ...objectOf(key), Body }, partSize }).done();
      } finally {
        Body.destroy();
      }
    },
    read,
    async fetchTo(key, path) {
      await writeTo(path, await read(key));
    },
    size,
    async remove(key) {
      await client.send(new DeleteObjectCommand(objectOf(key)));
    },
  };
}

function configOf({ endpoint, region }: S3Location): S3ClientConfig {
  const timeouts: S3ClientConfig = { requestHandler: { connectionTimeout: 10_000 } };
  if (endpoint == null) return region == null ? timeouts : { ...timeouts, region };
  return {
    ...timeouts,
    endpoint,
    region: region ?? 'us-east-1',
    // A bucket as a host name needs DNS that only AWS is sure to have, and new checksums need a server that knows them.
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  };
}

function headerOf({ start, end }: BlobRange): string | undefined {
  if (start === 0 && end == null) return undefined;
  return `bytes=${start}-${end == null ? '' : end - 1}`;
}

/** Also the answer to any range of an empty blob. */
function isBehindEnd(error: unknown): boolean {
  return error instanceof S3ServiceException && error.name === 'InvalidRange';
}

function explain(key: string): (error: unknown) => never {
  return (cause) => {
    const isMissing =
      cause instanceof S3ServiceException && ['NoSuchKey', 'NotFound'].includes(cause.name);
    throw isMissing ? new BlobNotFoundError(key, { cause }) : cause;
  };
}
