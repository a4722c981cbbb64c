import { createHmac, randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { checkSignature } from '../../src/webhooks/signatures.ts';
import { createKey } from '../identity/key-operations.ts';
import { type Receiver, startReceiver } from './start-receiver.ts';

let receiver: Receiver;
let stored: number;
beforeAll(async () => {
  receiver = await startReceiver();
});
beforeEach(async () => {
  stored = await receiver.db.prisma.webhookDelivery.count();
});

async function newlyStored(): Promise<number> {
  return (await receiver.db.prisma.webhookDelivery.count()) - stored;
}

const body = '{"zen":"Keep it logically awesome."}';

function sign(secret: string, content: string = body): string {
  return createHmac('sha256', secret).update(content).digest('hex');
}

function signedByBuildkite(secret: string, at = Date.now()): string {
  const timestamp = Math.floor(at / 1000);
  return `timestamp=${timestamp},signature=${sign(secret, `${timestamp}.${body}`)}`;
}

const basic = (password: string) => `Basic ${Buffer.from(`user:${password}`).toString('base64')}`;

/** Headers that prove that a secret is known, as each CI system sends them. */
const proofs = [
  ['GITHUB', (secret) => ({ 'x-hub-signature-256': `sha256=${sign(secret)}` })],
  ['BITBUCKET', (secret) => ({ 'x-hub-signature': `sha256=${sign(secret)}` })],
  ['CIRCLECI', (secret) => ({ 'circleci-signature': `v1=${sign(secret)},v2=00` })],
  ['GITLAB', (secret) => ({ 'x-gitlab-token': secret })],
  ['BUILDKITE', (secret) => ({ 'x-buildkite-token': secret })],
  ['BUILDKITE', (secret) => ({ 'x-buildkite-signature': signedByBuildkite(secret) })],
  ['AZURE', (secret) => ({ authorization: basic(secret) })],
  ['JENKINS', (secret) => ({ authorization: basic(secret) })],
  ['TEAMCITY', (secret) => ({ 'x-api-key': secret })],
] as const satisfies [string, (secret: string) => Record<string, string>][];

/** A body that differs each time is a delivery of its own: this one is named by a query nobody reads. */
function send(
  url: string,
  headers: Record<string, string>,
  content: string | Uint8Array<ArrayBuffer> = body,
) {
  return fetch(url, {
    method: 'POST',
    body: content,
    headers: {
      'content-type': 'application/json',
      'x-github-delivery': randomUUID(),
      ...headers,
    },
  });
}

function pathOf(provider: string): string {
  return `${receiver.url}/webhooks/${provider.toLowerCase()}`;
}

test.each(proofs)(
  '%s: the secret of a source is taken, another is 401',
  async (provider, prove) => {
    const { url, secret } = await receiver.createSource(provider);

    const right = await send(url, prove(secret));
    const wrong = await send(
      url,
      prove(secret.replace(/.$/, (last) => (last === '0' ? '1' : '0'))),
    );
    const none = await send(url, {});

    expect([right.status, wrong.status, none.status]).toEqual([200, 401, 401]);
    expect(await newlyStored()).toBeLessThanOrEqual(1); // the same body may have come to another source
    expect(await wrong.json()).toMatchObject({ error: { code: 'unauthorized' } });
  },
);

test.each(proofs.filter(([provider]) => ['GITHUB', 'BITBUCKET', 'CIRCLECI'].includes(provider)))(
  '%s: a body that was changed on the way is 401 and stores nothing',
  async (provider, prove) => {
    const { url, secret } = await receiver.createSource(provider);

    const tampered = await send(url, prove(secret), `${body} `);

    expect(tampered.status).toBe(401);
    expect(await newlyStored()).toBe(0);
  },
);

test.each([-6, 6])(
  'a signature of Buildkite %i minutes from now is 401 and stores nothing',
  async (minutes) => {
    const { url, secret } = await receiver.createSource('BUILDKITE');
    const signature = signedByBuildkite(secret, Date.now() + minutes * 60_000);

    const response = await send(url, { 'x-buildkite-signature': signature });

    expect(response.status).toBe(401);
    expect(await newlyStored()).toBe(0);
  },
);

test('the test vector of CircleCI is signed as it says (Contract: buildbutler.md 9.5)', () => {
  const signature = 'v1=734cc62f32841568f45715aeb9f4d7891324e6d948e4c6c60c0621cdac48623a';
  const headers = new Headers({ 'circleci-signature': signature });
  const signed = { headers, body: Buffer.from('hello world'), now: new Date() };

  expect(checkSignature('CIRCLECI', signed, 'secret')).toBe('valid');
  expect(checkSignature('CIRCLECI', signed, 'other')).toBe('invalid');
});

test('sources of other CI systems, unknown ones and odd ids are 401 alike', async () => {
  const { url, secret } = await receiver.createSource('GITHUB');
  const headers = {
    'x-hub-signature-256': `sha256=${sign(secret)}`,
    'x-hub-signature': `sha256=${sign(secret)}`,
  };
  const urls = [
    url.replace('/github/', '/bitbucket/'),
    `${pathOf('github')}/${randomUUID()}`,
    `${pathOf('github')}/1`,
  ];

  const answers = await Promise.all(urls.map((each) => send(each, headers)));

  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
  expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
});

test('a source belongs to the organization that made it, whatever key comes along', async () => {
  const other = await receiver.createOrganization();
  const { url, secret } = await receiver.createSource('GITLAB', other.key);

  const response = await send(`${url}?apiKey=${receiver.key}`, { 'x-gitlab-token': secret });

  const { id } = (await response.json()) as { id: string };
  const delivery = await receiver.db.prisma.webhookDelivery.findFirstOrThrow({ where: { id } });
  expect(delivery.organizationId).toBe(other.organizationId);
});

type Present = (key: string) => readonly [query: string, headers: Record<string, string>];

const ways: readonly (readonly [provider: string, way: string, present: Present])[] = [
  ['gitlab', 'X-Gitlab-Token', (key) => ['', { 'x-gitlab-token': key }]],
  ['buildkite', 'X-Buildkite-Token', (key) => ['?buildkiteToken=ci', { 'x-buildkite-token': key }]],
  ['azure', '?apiKey=', (key) => [`?apiKey=${key}&azpToken=pat`, {}]],
  ['github', '?apiKey=', (key) => [`?apiKey=${key}`, {}]],
  [
    'github',
    '?apiKey= and a signature',
    (key) => [`?apiKey=${key}`, { 'x-hub-signature-256': `sha256=${sign(key)}` }],
  ],
  ['teamcity', 'Basic', (key) => ['', { authorization: basic(key) }]],
  ['jenkins', 'Bearer', (key) => ['', { authorization: `Bearer ${key}` }]],
  ['circleci', 'X-API-Key', (key) => ['', { 'x-api-key': key }]],
  ['jenkins', 'bare Authorization', (key) => ['', { authorization: key }]],
];

test.each(ways)(
  'an API key is taken by %s as %s, one without INGEST is 403, a wrong one 401',
  async (provider, _way, present) => {
    const reader = (await createKey(receiver, receiver.key, 'READ')).secret;
    const statusOf = async (key: string) => {
      const [query, headers] = present(key);
      return (await send(`${pathOf(provider)}${query}`, headers)).status;
    };

    expect(await statusOf(receiver.key)).toBe(200);
    expect(await statusOf(reader)).toBe(403);
    expect(await statusOf('0'.repeat(40))).toBe(401);
  },
);

test('a signature that the API key in the address did not make is 401 and stores nothing', async () => {
  const headers = { 'x-hub-signature-256': `sha256=${sign('another')}` };

  const response = await send(`${pathOf('github')}?apiKey=${receiver.key}`, headers);

  expect(response.status).toBe(401);
  expect(await newlyStored()).toBe(0);
});

test('without a key or a source the answer says what is needed', async () => {
  const response = await send(pathOf('github'), { 'x-hub-signature-256': `sha256=${sign('x')}` });

  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({
    error: { message: expect.stringContaining('createWebhookSource') as string },
  });
});

test('a CI system that is not known is 404 as JSON, and so is another method', async () => {
  const unknown = await send(pathOf('sourcehut'), {});
  const get = await fetch(pathOf('github'));

  expect([unknown.status, get.status]).toEqual([404, 404]);
  expect(await get.json()).toMatchObject({ error: { code: 'not_found' } });
});

test('GitHub may send a form, whose bytes are signed', async () => {
  const { url, secret } = await receiver.createSource('GITHUB');
  const form = new URLSearchParams({ payload: body }).toString();

  const response = await send(
    url,
    {
      'content-type': 'application/x-www-form-urlencoded',
      'x-github-event': 'ping',
      'x-hub-signature-256': `sha256=${sign(secret, form)}`,
    },
    form,
  );

  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ ignored: true, reason: 'a ping' });
});

test('two slashes before the path change nothing', async () => {
  const response = await send(
    `${receiver.url}//webhooks/gitlab?apiKey=${receiver.key}`,
    {},
    '{"object_kind":"push","n":1}',
  );

  expect(response.status).toBe(200);
});
