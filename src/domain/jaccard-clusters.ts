import { createTurns } from './turns.ts';

/** Something, and the set it is compared by. */
export interface Member {
  readonly id: string;
  readonly set: ReadonlySet<string | number>;
}

/**
 * Groups what is alike: two are linked when the Jaccard index of their sets (shared by all elements) is at least
 * `threshold`, and all that are linked, directly or through others, are one cluster (single linkage: the result depends
 * on no order, and no tie has to be broken). Thousands of sets take seconds, in turns with others. Gives clusters of
 * two and more, ids sorted, the largest first.
 */
export async function jaccardClusters(
  members: readonly Member[],
  threshold: number,
): Promise<string[][]> {
  const groups = equalSets(members);
  const parents = groups.map((_group, index) => index);
  const alikeBefore = createFinder(groups, threshold);
  const turn = createTurns();
  for (const index of groups.keys()) {
    for (const other of alikeBefore(index)) {
      parents[rootOf(parents, index)] = rootOf(parents, other);
    }
    await turn();
  }
  const clusters = new Map<number, string[]>();
  groups.forEach(({ ids }, index) => {
    const root = rootOf(parents, index);
    clusters.set(root, [...(clusters.get(root) ?? []), ...ids]);
  });
  return [...clusters.values()]
    .filter(({ length }) => length > 1)
    .map((ids) => ids.sort(compare))
    .sort((a, b) => b.length - a.length || compare(a[0] ?? '', b[0] ?? ''));
}

/** Ids whose sets are the same; the elements are numbers. */
interface Group {
  readonly ids: string[];
  readonly elements: readonly number[];
}

/** What always fails together is one from the start: a broken build of thousands costs no pairs. */
function equalSets(members: readonly Member[]): Group[] {
  const numbers = new Map<string | number, number>();
  const groups = new Map<string, Group>();
  for (const { id, set } of members) {
    if (set.size === 0) continue; // like nothing, not even another empty one
    const elements = [...set].map((element) => numberOf(numbers, element)).sort((a, b) => a - b);
    const key = elements.join();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { ids: [id], elements });
    else group.ids.push(id);
  }
  return [...groups.values()];
}

function numberOf(numbers: Map<string | number, number>, element: string | number): number {
  const number = numbers.get(element) ?? numbers.size;
  numbers.set(element, number);
  return number;
}

/**
 * Gives what finds, for one group after the other, those before it that are alike. What two sets share is counted over
 * the sets that hold each element.
 */
function createFinder(groups: readonly Group[], threshold: number): (index: number) => number[] {
  const holders = new Map<number, number[]>();
  const shared = new Uint32Array(groups.length);
  return (index) => {
    const elements = groups[index]?.elements ?? [];
    const touched: number[] = [];
    for (const element of elements) {
      const before = holders.get(element) ?? [];
      for (const other of before) {
        if (shared[other] === 0) touched.push(other);
        shared[other] = (shared[other] ?? 0) + 1;
      }
      before.push(index);
      holders.set(element, before);
    }
    return touched.filter((other) => {
      const both = shared[other] ?? 0;
      const either = elements.length + (groups[other]?.elements.length ?? 0) - both;
      shared[other] = 0;
      return both >= threshold * either;
    });
  };
}

function rootOf(parents: number[], index: number): number {
  let root = index;
  while (parents[root] !== root) {
    const above = parents[root] ?? root;
    parents[root] = parents[above] ?? above; // halves the path for whoever comes next
    root = above;
  }
  return root;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
