import { type Audit, serverAudits } from 'graphql-http';
import { beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

/** The audits as they are, asking with these headers besides their own. */
function audits(headers: () => Readonly<Record<string, string>>): Audit[] {
  return serverAudits({
    url: () => `${gateway.url}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) => {
      const all = new Headers(init.headers);
      for (const [name, value] of Object.entries(headers())) all.set(name, value);
      return fetch(url, { ...init, headers: all });
    },
  });
}

const anonymous = audits(() => ({}));
const withKey = audits(() => ({ authorization: `Bearer ${gateway.key}` }));

test('there are 61 audits', () => {
  expect(anonymous).toHaveLength(61);
  expect(withKey).toHaveLength(61);
});

describe.each([
  { who: 'somebody without a key', all: anonymous },
  { who: 'somebody with a key', all: withKey },
])('GraphQL over HTTP for $who', ({ all }) => {
  test.each(all)('$id: the server $name', async (audit) => {
    const result = await audit.fn();

    expect(result.status === 'ok' ? 'ok' : result.reason).toBe('ok');
  });
});
