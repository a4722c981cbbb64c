import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { signatureHeaders } from '../../src/outgoing/sign-webhook.ts';

type Verify = (headers: object, body: string, secret: string, nowMs: number) => boolean;

async function documentedVerify(): Promise<Verify> {
  const page = await readFile(new URL('../../docs/webhooks-out.md', import.meta.url), 'utf8');
  const code = /```js\n(.*?)```/s.exec(page)?.[1];
  if (code === undefined) throw new Error('the page has no example for Node');
  const url = `data:text/javascript,${encodeURIComponent(code)}`;
  return ((await import(/* @vite-ignore */ url)) as { verify: Verify }).verify;
}

test('the example for Node believes what is genuine, and nothing else', async () => {
  const verify = await documentedVerify();
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const other = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
  const sentAt = new Date('2026-11-22T10:00:00Z');
  const body = '{"type":"webhook.test","é":1}';
  const headers = signatureHeaders({ id: 'one', sentAt, body }, [other, secret]);
  const now = sentAt.getTime();

  const verdicts = [
    verify(headers, body, secret, now),
    verify(headers, body, other, now + 300_000),
    verify(headers, `${body} `, secret, now),
    verify(headers, body, secret, now + 301_000),
    verify({ ...headers, 'webhook-id': 'two' }, body, secret, now),
    verify({ ...headers, 'webhook-signature': undefined }, body, secret, now),
    verify({}, body, secret, now),
  ];

  expect(verdicts).toEqual([true, true, false, false, false, false, false]);
});
