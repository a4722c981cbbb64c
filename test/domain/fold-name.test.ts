import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NameFoldingRule } from '../../src/db/generated/prisma/enums.ts';
import { foldName } from '../../src/domain/fold-name.ts';

const all = Object.values(NameFoldingRule);

test.each([
  ['SEEDS', 'test_sort[seed=123]', 'test_sort[seed={seed}]'],
  ['SEEDS', 'test_sort[seed=123-True]', 'test_sort[seed={seed}-True]'],
  ['SEEDS', 'shuffles a list [seed: 42]', 'shuffles a list [seed: {seed}]'],
  ['SEEDS', 'property "holds" {"seed":-1847291}', 'property "holds" {"seed":{seed}}'],
  ['SEEDS', 'random_seed_42_linux', 'random_seed_{seed}_linux'],
  ['SEEDS', 'shuffle(randomSeed = 7)', 'shuffle(randomSeed = {seed})'],
  ['SEEDS', 'Randomized with seed 12345', 'Randomized with seed {seed}'],
  ['SEEDS', 'suite (seed #99)', 'suite (seed #{seed})'],
  ['SEEDS', 'math.random seed=0.48291', 'math.random seed={seed}'],
  ['SEEDS', 'fuzz[seed=0x1f2e]', 'fuzz[seed={seed}]'],
  ['SEEDS', 'testFoo {seed=[6E7E0F0F:E9D3B1C2]}', 'testFoo {seed=[{seed}]}'],
  ['PORTS', 'GET http://localhost:8080/health', 'GET http://localhost:{port}/health'],
  ['PORTS', 'connects to 127.0.0.1:54321', 'connects to 127.0.0.1:{port}'],
  ['PORTS', 'test_ping[127.0.0.1:54321-True]', 'test_ping[127.0.0.1:{port}-True]'],
  ['PORTS', 'listens on [::1]:49152', 'listens on [::1]:{port}'],
  ['PORTS', 'jdbc:postgresql://db.test:55432/app', 'jdbc:postgresql://db.test:{port}/app'],
  ['PORTS', 'amqp://user:123@mq.test:5672/', 'amqp://user:123@mq.test:{port}/'],
  ['DATES', 'report for 2026-03-02', 'report for {date}'],
  ['DATES', 'at 2026-03-02T10:00:00Z.', 'at {date}.'],
  ['DATES', 'at 2026-03-02 10:00:00.123 +0100', 'at {date}'],
  ['DATES', 'backup_2026-03-02T10-00-00-000Z.tar', 'backup_{date}.tar'],
  ['DATES', 'backup 20260302T100000Z', 'backup {date}'],
  ['DATES', 'started 10:11:12.5', 'started {date}'],
  ['DATES', 'test_due[2026-03-02-5]', 'test_due[{date}-5]'],
  ['UUIDS', 'user 550e8400-e29b-41d4-a716-446655440000', 'user {uuid}'],
  ['UUIDS', 'test_550E8400-E29B-41D4-A716-446655440000_ok', 'test_{uuid}_ok'],
  ['TEMP_PATHS', 'reads /tmp/pytest-of-root/pytest-12/test_a0/out.txt', 'reads {path}'],
  ['TEMP_PATHS', "open('/tmp/tmpab12.json').", "open('{path}')."],
  ['TEMP_PATHS', 'file:///tmp/abc123/x', 'file://{path}'],
  ['TEMP_PATHS', 'dir=/private/var/folders/zz/zyx_n000/T/jest-abc', 'dir={path}'],
  ['TEMP_PATHS', String.raw`C:\Users\John Doe\AppData\Local\Temp\tmp12\a.txt`, '{path}'],
  ['TEMP_PATHS', String.raw`in C:\\Users\\x\\AppData\\Local\\Temp\\tmp12`, 'in {path}'],
  ['TEMP_PATHS', 'reads C:/Temp/x1, then ends', 'reads {path}, then ends'],
  ['HEX_ADDRESSES', 'test_eq[<object at 0x7f3c2a1b4d90>]', 'test_eq[<object at {address}>]'],
  ['HEX_ADDRESSES', 'handles com.acme.Foo@1b6d3586', 'handles com.acme.Foo@{address}'],
] satisfies [NameFoldingRule, string, string][])('%s folds %j to %j', (rule, name, folded) => {
  const withAll = foldName(name, all);

  expect(foldName(name, [rule])).toBe(folded);
  expect(withAll).toBe(folded);
});

test.each([
  'v1.2.3 is newer than 1.5',
  'rounds 1.5 to 2',
  '1.2.3.4',
  'lib 2026.3',
  'seed=1.2.3',
  'should seed 5 users',
  'seeds 5 users',
  'reseed 5',
  'loads seed1.csv',
  'test_load[seed_1.csv]',
  'Cart.java:123',
  'ratio 10:20',
  'test[1:2]',
  'port 8080',
  'http://user:123@host/',
  '0xFF',
  '0x1F600 is an emoji',
  'mails user@example.com',
  'actions/checkout@v4',
  'pkg@1.22.333',
  'api v2026-03-02',
  'until 9999-12-31',
  'build 20260302',
  '2026-13-45',
  'writes /tmp',
  'reads /home/ada/tmp/x',
  'it writes /tmp/{id}',
  'C:\\Program Files\\x',
  '550e8400-e29b-41d4-a716',
  'd41d8cd98f00b204e9800998ecf8427e',
  '{uuid} {seed} {port} {date} {path} {address}',
  '',
])('nothing of %j is volatile', (name) => {
  const folded = foldName(name, all);

  expect(folded).toBe(name);
});

test('a part that several rules could take is folded by the widest', () => {
  const name = 'reads /tmp/550e8400-e29b-41d4-a716-446655440000/2026-03-02 of http://localhost:80';

  expect(foldName(name, all)).toBe('reads {path} of http://localhost:{port}');
});

const volatile: Readonly<Record<NameFoldingRule, fc.Arbitrary<string>>> = {
  SEEDS: fc.nat().map((seed) => `seed=${seed}`),
  PORTS: fc.integer({ min: 1, max: 65_535 }).map((port) => `127.0.0.1:${port}`),
  DATES: fc
    .date({ min: new Date('2000-01-01'), max: new Date('2099-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  UUIDS: fc.uuid(),
  TEMP_PATHS: fc.stringMatching(/^[a-z0-9_]{1,12}$/).map((name) => `/tmp/${name}/out`),
  HEX_ADDRESSES: fc.stringMatching(/^[0-9a-f]{12}$/).map((digits) => `0x${digits}`),
};
const rules = fc.uniqueArray(fc.constantFrom(...all));
/** Pieces of what the patterns look for, whole and broken, glued together in any way. */
const scraps = fc
  .array(
    fc.oneof(
      ...Object.values(volatile),
      fc.constantFrom(' ', '-', '_', ':', '.', '/', '[', ']', '{', '}', '(', '@', '"', 'T', 'x'),
      fc.constantFrom('seed', 'Seed ', 'localhost', '/tmp/', 'C:\\Temp\\', '://', '0x', '[::1]'),
      fc.constantFrom('2026-03-02', '10:00:00', '12345678', '1b6d3586', '1.5', '42', '{date}'),
      fc.string(),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

test('folding again changes nothing', () => {
  fc.assert(
    fc.property(scraps, rules, (name, asked) => {
      const folded = foldName(name, asked);

      expect(foldName(folded, asked)).toBe(folded);
    }),
    { numRuns: 20_000 },
  );
});

test('the order of the rules does not matter, nor that one is named twice', () => {
  const orders = rules.chain((asked) =>
    fc.tuple(
      fc.constant(asked),
      fc.shuffledSubarray([...asked, ...asked], { minLength: asked.length * 2 }),
    ),
  );

  fc.assert(
    fc.property(scraps, orders, (name, [asked, shuffled]) => {
      expect(foldName(name, shuffled)).toBe(foldName(name, asked));
    }),
    { numRuns: 2_000 },
  );
});

test('without rules a name stays as it is', () => {
  fc.assert(
    fc.property(scraps, (name) => {
      expect(foldName(name, [])).toBe(name);
    }),
  );
});

const word = fc.stringMatching(/^[A-Za-z]{0,8}$/).filter((text) => !/seed$/i.test(text));

test.each(all)('names that differ in %s alone become one, others never', (rule) => {
  const names = fc.tuple(word, word, volatile[rule], volatile[rule]);

  fc.assert(
    fc.property(names, names, ([before, after, one, other], [elsewhere, , , third]) => {
      const fold = (head: string, part: string, tail: string) =>
        foldName(`${head} ${part} ${tail}`, [rule]);

      expect(fold(before, one, after)).toBe(fold(before, other, after));
      expect(fold(before, one, after)).not.toContain(one);
      expect(fold(before, one, after) === fold(elsewhere, third, after)).toBe(before === elsewhere);
      expect(fold(before, one, after) === fold(before, third, elsewhere)).toBe(after === elsewhere);
    }),
  );
});

test('what is not asked for stays', () => {
  const parts = fc
    .constantFrom(...all)
    .chain((rule) => fc.tuple(fc.constant(rule), volatile[rule]));

  fc.assert(
    fc.property(parts, word, ([rule, part], before) => {
      const others = all.filter((other) => other !== rule);

      expect(foldName(`${before} ${part}`, others)).toBe(`${before} ${part}`);
    }),
  );
});

test.each([
  ...[
    '/tmp/',
    '/tmp/...',
    '-/tmp/.',
    'file:///tmp/',
    '/var/folders/zz/',
    'C:\\Users\\',
    'C:/Users/x ',
  ],
  ...['seed=', 'seed 1', 'seed ', 'Seed-', 'seed=1.', 'seed=a', 'seed=0x', 'seed=[1A2B3C4D:'],
  ...['1', '1.', '1:', '127.0.0.1:', 'localhost:', '[::', '[:', '://', '://a', '://a@', ':', '.'],
  ...['2026-03-02T', '2026-03-02 ', '10:00:', '20', '20260302T', 'aaaaaaaa-', 'aaaa-', 'a'],
  ...['0x', '0xa', 'a@', 'a@1', '@1b6d3586', '{', '}', ' ', '"', '\\'],
])('the time to fold %j a hundred thousand times over grows with its length alone', (scrap) => {
  const name = scrap.repeat(100_000);

  const began = performance.now();
  foldName(name, all);

  // 20 to 90 ms for up to 1.7 million characters here; a quadratic pattern takes minutes.
  expect(performance.now() - began).toBeLessThan(5_000);
});
