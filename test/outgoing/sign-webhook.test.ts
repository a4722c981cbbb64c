import { expect, test } from 'vitest';
import { createWebhookSecret, signatureHeaders } from '../../src/outgoing/sign-webhook.ts';

test('a webhook is signed as the example of Standard Webhooks is', () => {
  const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
  const content = { id, sentAt: new Date(1_614_265_330_000), body: '{"test": 2432232314}' };

  const headers = signatureHeaders(content, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']);

  expect(headers).toEqual({
    'webhook-id': id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('each secret is another one, of 32 bytes', () => {
  const secrets = Array.from({ length: 100 }, createWebhookSecret);

  expect(new Set(secrets).size).toBe(100);
  expect(secrets.map((secret) => Buffer.from(secret.slice(6), 'base64').length)).toEqual(
    secrets.map(() => 32),
  );
});
