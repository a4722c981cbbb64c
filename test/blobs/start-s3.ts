import S3rver from 's3rver';
import { onTestFinished, vi } from 'vitest';
import { emptyDir } from './spool-files.ts';

/** Starts an S3 with the bucket `blobs` on a free port, sets the credentials it knows, and gives its address. */
export async function startS3(): Promise<string> {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'S3RVER');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'S3RVER');
  const server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: await emptyDir(),
    configureBuckets: [{ name: 'blobs' }],
  });
  const { port } = await server.run();
  onTestFinished(async () => {
    await server.close();
    vi.unstubAllEnvs();
  });
  return `http://127.0.0.1:${port}`;
}
