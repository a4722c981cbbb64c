import { beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const origin = 'https://dashboard.example';
const listOf = (text: string | null) => (text ?? '').toLowerCase().split(/\s*,\s*/);

test.each(['authorization, content-type', 'x-api-key', 'x-buildbuddy-api-key'])(
  'a page of another origin may ask with the headers %s',
  async (headers) => {
    const response = await fetch(new URL('/graphql', gateway.url), {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': headers,
      },
    });

    expect(response.status).toBe(204);
    expect(['*', origin]).toContain(response.headers.get('access-control-allow-origin'));
    expect(listOf(response.headers.get('access-control-allow-methods'))).toContain('post');
    const allowed = listOf(response.headers.get('access-control-allow-headers'));
    expect(allowed).toEqual(expect.arrayContaining(listOf(headers)));
    expect(response.headers.get('access-control-allow-credentials')).not.toBe('true');
  },
);

test.each([
  ['an answer', { query: '{ builds { totalCount } }' }, 200, true],
  ['a refusal', { query: '{ builds { totalCount } }' }, 401, false],
  ['a bad request', {}, 400, true],
] as const)(
  'a page of another origin may read %s, and no cookies are asked for',
  async (_what, body, status, withKey) => {
    const response = await fetch(new URL('/graphql', gateway.url), {
      method: 'POST',
      headers: {
        origin,
        accept: 'application/graphql-response+json',
        'content-type': 'application/json',
        ...(withKey && { authorization: `Bearer ${gateway.key}` }),
      },
      body: JSON.stringify(body),
    });

    expect(response.status).toBe(status);
    expect(['*', origin]).toContain(response.headers.get('access-control-allow-origin'));
    expect(response.headers.get('access-control-allow-credentials')).not.toBe('true');
  },
);
