import { expect, test } from 'vitest';
import { failureSignature } from '../../src/domain/failure-signature.ts';

test.each([
  ['expected 3 to be 4', 'expected {number} to be {number}'],
  ['took 1.5s, limit -2,000', 'took {number}s, limit {number}'],
  ['\n\n  boom  \n at x.js:3', 'boom'],
  ['cannot open /tmp/run-17/data.db', 'cannot open {path}'],
  ['cannot open C:\\Temp\\x\\y.txt!', 'cannot open {path}!'],
  ['GET http://127.0.0.1:5123/x?y=1 failed', 'GET {url} failed'],
  ['object at 0x7ffe01ab', 'object at {hex}'],
  ['commit deadbeef01 is gone', 'commit {hex} is gone'],
  ['row 9f1c2d3e-0000-4000-8000-123456789abc', 'row {uuid}'],
  ['\u001b[31mred\u001b[39m and  wide', 'red and wide'],
  ['sha256 of utf8 is 12', 'sha256 of utf8 is {number}'],
  ['', ''],
])('the message %j is in general %j', (message, signature) => {
  expect(failureSignature(message)).toBe(signature);
});

test('a message of a megabyte is cut', () => {
  expect(failureSignature('x'.repeat(1_000_000))).toHaveLength(200);
});
