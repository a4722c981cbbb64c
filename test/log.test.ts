import { expect, test } from 'vitest';
import { createLog } from '../src/log.ts';

test.each(['authorization', 'x-api-key', 'x-buildbuddy-api-key', 'cookie'])(
  'the header %s is never logged, wherever headers stand',
  (header) => {
    let printed = '';
    const log = createLog({ logLevel: 'info' }, { write: (line) => (printed += line) });
    const headers = { [header]: 'c0ffee', host: 'ci' };

    log.info(headers, 'plain');
    log.info({ headers }, 'below one name');
    log.info({ request: { headers } }, 'below two');

    expect(printed).not.toContain('c0ffee');
    expect(printed.match(/"host":"ci"/g)).toHaveLength(3);
  },
);
