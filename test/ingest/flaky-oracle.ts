import type { TestStatus } from '../generated/graphql.ts';

/** One result, as the oracle sees it. */
export interface Happening {
  readonly test: string;
  readonly state: string;
  readonly status: TestStatus;
  readonly at: string;
}

export interface Evidence {
  readonly test: string;
  readonly state: string;
  readonly passed: number;
  readonly failed: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

/** Evidence of flakiness by the book: all results of each test and code state, counted at leisure. */
export function evidenceOf(happenings: readonly Happening[]): Evidence[] {
  const distinct = [...new Map(happenings.map((each) => [JSON.stringify(each), each])).values()];
  const counted = distinct.filter(({ status }) => status !== 'SKIPPED' && status !== 'OTHER');
  const states = groups(counted, ({ test, state }) => `${test} ${state}`);
  return states.flatMap(([first, ...others]) => {
    const results = [first, ...others];
    const passed = results.filter(({ status }) => status === 'PASSED').length;
    const failed = results.length - passed;
    const { test, state } = first;
    return passed > 0 && failed > 0 ? [{ test, state, passed, failed, ...span(results) }] : [];
  });
}

/** The tests with evidence. */
export function flakyTestsOf(happenings: readonly Happening[]) {
  return groups(evidenceOf(happenings), ({ test }) => test).map(([first, ...others]) => {
    const evidence = [first, ...others];
    const times = evidence.flatMap(({ firstAt, lastAt }) => [{ at: firstAt }, { at: lastAt }]);
    return { test: first.test, count: evidence.length, ...span(times) };
  });
}

type Group<Item> = [Item, ...Item[]];

/** Items with one key together, in the order of the keys. */
function groups<Item>(items: readonly Item[], keyOf: (item: Item) => string): Group<Item>[] {
  const byKey = new Map<string, Group<Item>>();
  for (const item of items) {
    const known = byKey.get(keyOf(item));
    if (known === undefined) byKey.set(keyOf(item), [item]);
    else known.push(item);
  }
  return [...byKey].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, group]) => group);
}

function span(moments: readonly { readonly at: string }[]) {
  const times = moments.map(({ at }) => at).sort();
  return { firstAt: times[0] ?? '', lastAt: times.at(-1) ?? '' };
}
