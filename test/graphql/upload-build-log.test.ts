import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { recordedBuild, storedLog, uploadLog } from '../ingest/build-log-client.ts';
import { ask, logOf, nodeId } from './ask-log.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const small = '=== Job: build ===\r\nok ☃\n\n=== Job: test ===\nno end';

describe('uploadBuildLog', () => {
  test.each([
    ['as it is', Buffer.from(small)],
    ['packed', gzipSync(small)],
    ['in several members', Buffer.concat([gzipSync(small.slice(0, 9)), gzipSync(small.slice(9))])],
  ])('stores a file %s', async (_name, bytes) => {
    const buildId = await recordedBuild(gateway);

    const answer = await uploadLog(gateway, buildId, bytes);

    expect(answer).toEqual({
      __typename: 'UploadBuildLogPayload',
      replaced: false,
      log: { sizeBytes: Buffer.byteLength(small), lineCount: 5 },
    });
  });

  test('takes the opaque id of the build too, and says that there was a log', async () => {
    const buildId = await storedLog(gateway, 'first');

    expect(await uploadLog(gateway, nodeId(buildId), 'second')).toMatchObject({ replaced: true });
  });

  test('stores an empty file as an empty log', async () => {
    const buildId = await recordedBuild(gateway);

    expect((await uploadLog(gateway, buildId, '')).log).toEqual({ sizeBytes: 0, lineCount: 0 });
    expect(await logOf(gateway, buildId, 'text { text nextOffset } lines { nextOffset }')).toEqual({
      text: { text: '', nextOffset: null },
      lines: { nextOffset: null },
    });
  });

  test('refuses what begins like gzip and is none, and what breaks off', async () => {
    const buildId = await recordedBuild(gateway);
    const broken = gzipSync('x'.repeat(1000)).subarray(0, -12);

    const answers = await Promise.all(
      [Buffer.from([0x1f, 0x8b, 1, 2, 3]), broken].map((bytes) =>
        uploadLog(gateway, buildId, bytes),
      ),
    );

    expect(answers.map(({ message }) => message)).toEqual(
      Array(2).fill('file: is no gzip, or ends too early'),
    );
  });

  test('knows no build of another organization', async () => {
    const other = await gateway.createOrganization();
    const buildId = await storedLog(gateway, 'ours');

    const answer = await uploadLog(gateway, buildId, 'theirs', other.key);

    expect(answer).toMatchObject({ __typename: 'NotFoundError' });
    expect((await logOf(gateway, buildId, 'text { text }')).text.text).toBe('ours');
    expect((await ask(gateway, buildId, 'sizeBytes', {}, '', other.key)).data).toEqual({
      node: null,
    });
  });
});
