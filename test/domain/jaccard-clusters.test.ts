import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jaccardClusters, type Member } from '../../src/domain/jaccard-clusters.ts';

function member(id: string, ...elements: string[]): Member {
  return { id, set: new Set(elements) };
}

function jaccard(a: Member['set'], b: Member['set']): number {
  const shared = [...a].filter((element) => b.has(element)).length;
  return shared / (a.size + b.size - shared);
}

/** Everyone takes the smallest name of those it is like, until nothing changes. */
function naive(members: readonly Member[], threshold: number): string[][] {
  const names = new Map(members.map(({ id }) => [id, id]));
  const nameOf = (id: string) => names.get(id) ?? '';
  for (let changes = 1; changes > 0;) {
    changes = 0;
    for (const a of members) {
      for (const b of members) {
        if (nameOf(b.id) < nameOf(a.id) && jaccard(a.set, b.set) >= threshold) {
          names.set(a.id, nameOf(b.id));
          changes += 1;
        }
      }
    }
  }
  const ids = members.map(({ id }) => id).sort();
  return [...new Set(names.values())].map((name) => ids.filter((id) => nameOf(id) === name));
}

const members = fc
  .array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1 }), {
    maxLength: 20,
  })
  .map((sets) => sets.map((set, index) => member(`m${String(index).padStart(2, '0')}`, ...set)));

describe('clusters of sets', () => {
  test('hold what shares at least half of all it has', async () => {
    const clusters = await jaccardClusters(
      [
        member('login', '1', '2', '3', '4'),
        member('logout', '1', '2', '3'), // 3/4 like login
        member('search', '7', '8'),
        member('filter', '7', '8', '9'), // 2/3 like search
        member('profile', '3', '4', '5', '6'), // 2/6 like login
        member('alone', '10'),
      ],
      0.5,
    );

    expect(clusters).toEqual([
      ['filter', 'search'],
      ['login', 'logout'],
    ]);
  });

  test('link what is exactly at the threshold', async () => {
    expect(await jaccardClusters([member('a', '1', '2'), member('b', '1')], 0.5)).toEqual([
      ['a', 'b'],
    ]);
    expect(await jaccardClusters([member('a', '1', '2', '3'), member('b', '1')], 0.5)).toEqual([]);
  });

  test('link through others', async () => {
    const chain = [member('a', '1', '2'), member('b', '2'), member('c', '2', '3')];

    expect(await jaccardClusters(chain, 0.5)).toEqual([['a', 'b', 'c']]);
  });

  test('are what the definition says, the largest first', async () => {
    await fc.assert(
      fc.asyncProperty(members, fc.constantFrom(0.3, 0.5, 0.75, 1), async (all, threshold) => {
        const clusters = await jaccardClusters(all, threshold);

        const expected = naive(all, threshold).filter(({ length }) => length > 1);
        expect([...clusters].sort()).toEqual(expected.sort());
        const sizes = clusters.map(({ length }) => length);
        expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
      }),
    );
  });

  test('do not depend on any order', async () => {
    const shuffled = members.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    await fc.assert(
      fc.asyncProperty(shuffled, async ([all, other]) => {
        expect(await jaccardClusters(other, 0.5)).toEqual(await jaccardClusters(all, 0.5));
      }),
    );
  });

  test('leave out what has nothing', async () => {
    expect(await jaccardClusters([member('a'), member('b')], 0.5)).toEqual([]);
  });

  test('of 5,000 different sets with 200,000 elements let others have their turn', async () => {
    let seed = 1;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647);
    const many = Array.from({ length: 5_000 }, (_none, index) => {
      const elements = Array.from({ length: 40 }, () => String(random() % 60));
      return member(`m${String(index)}`, ...elements);
    });
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);

    await jaccardClusters(many, 0.5);
    clearInterval(counting);

    expect(turns).toBeGreaterThan(2);
  });
});
