import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPublicAddress } from '../../src/outgoing/public-address.ts';
import { addressesOf, refusalOf } from '../../src/outgoing/target.ts';

const nobody = { allowedHosts: [], resolve: () => Promise.resolve([]) };

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '100.100.100.200',
  '127.0.0.1',
  '127.255.255.255',
  '168.63.129.16',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  'fe80::1',
  'fc00::1',
  'fd00:ec2::254',
  'ff02::1',
  '2002:7f00:1::',
  '2001::7f00:1',
  '2001:db8::1',
  'localhost',
  '',
])('%s is no address of the public internet', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(['8.8.8.8', '1.1.1.1', '172.15.0.1', '172.32.0.1', '2606:4700:4700::1111', '2a00::1'])(
  '%s is an address of the public internet',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test('no way to write an address of this machine gets past', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0x7f000000, max: 0x7fffffff }), (number) => {
      const hosts = [
        String(number),
        `0x${number.toString(16)}`,
        `0${number.toString(8)}`,
        `127.${String(number & 0xffffff)}`,
        `[::ffff:${((number >>> 16) & 0xffff).toString(16)}:${(number & 0xffff).toString(16)}]`,
      ];
      for (const host of hosts) expect(refusalOf(`https://${host}/`, nobody)).not.toBeNull();
    }),
  );
});

test.each([
  ['http://example.org/', /must begin with https/],
  ['ftp://example.org/', /must begin with https/],
  ['file:///etc/passwd', /must begin with https/],
  ['https://ada:secret@example.org/', /user or a password/],
  ['https://127.0.0.1/', /private network/],
  ['https://[::1]:8443/', /private network/],
  ['https://169.254.169.254/latest/meta-data', /private network/],
  ['example.org', /must be a URL/],
])('%s is refused', (url, reason) => {
  expect(refusalOf(url, nobody)).toMatch(reason);
});

test('a host that is allowed may be private and without TLS, on its port alone where one is named', () => {
  const outgoing = { ...nobody, allowedHosts: ['hooks.internal', '10.0.0.5:8080', '[::1]'] };

  const refusals = [
    'http://hooks.internal:9000/',
    'http://HOOKS.internal/',
    'http://10.0.0.5:8080/',
    'http://[::1]/',
    'http://10.0.0.5:8081/',
    'http://hooks.internal.example.org/',
  ].map((url) => refusalOf(url, outgoing) !== null);

  expect(refusals).toEqual([false, false, false, false, true, true]);
});

test('a host is refused when one of its addresses is private', async () => {
  const url = new URL('https://example.org/');
  const resolve = () =>
    Promise.resolve([
      { address: '8.8.8.8', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ]);

  await expect(addressesOf(url, { ...nobody, resolve })).rejects.toThrow(/private network/);
  await expect(addressesOf(url, nobody)).rejects.toThrow(/no address/);
});
