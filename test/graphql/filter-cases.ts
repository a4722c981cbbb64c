import { storableText } from '../../src/domain/text.ts';
import type { Dataset } from './dataset.ts';
import { texts } from './dataset-values.ts';
import { globalId, type Row } from './lists.ts';

/** One value of a filter field, and the rows it must leave. */
export interface FilterCase {
  readonly value: unknown;
  readonly matches: (row: Row) => boolean;
}

type Value = string | number | bigint | boolean | Date | null;

/** What a filter field looks at: gives the cases to try, over the rows of a list. */
export type Cases = (rows: readonly Row[]) => FilterCase[];

/** Postgres cannot hold it; it is stored with U+FFFD. */
const nul = 'nul\0byte';

type Read<Of extends object> = (row: Of) => Value;

/** Rows come from the dataset, so they are what the oracle of their model reads. */
function reader<Of extends object>(read: Read<Of>): (row: Row) => Value {
  return (row) => read(row as never);
}

function distinct(rows: readonly Row[], read: (row: Row) => Value): NonNullable<Value>[] {
  return [...new Set(rows.map(read))].filter((value) => value !== null);
}

/** A list: one value, two, some that no row has, one that Postgres cannot hold, none. */
export function oneOf<Of extends object>(get: Read<Of>, unknown: string): Cases {
  const read = reader(get);
  return (rows) => {
    const [first = unknown, second = unknown] = distinct(rows, read);
    return lists(read, [[first], [first, second], [second, unknown], [unknown], [nul], []]);
  };
}

/** A list of which a row must have all: one value, two, one that no row has, none. */
export function allOf<Of extends object>(
  get: (row: Of) => readonly string[],
  unknown: string,
): Cases {
  const read = (row: Row) => get(row as never);
  return (rows) => {
    const [first = unknown, second = unknown] = new Set(rows.flatMap(read));
    return [[first], [first, second], [second, unknown], [nul], []].map((value) => ({
      value,
      matches: (row) => value.map(storableText).every((each) => read(row).includes(each)),
    }));
  };
}

/** A tag in any letter case, one that no test has, one that Postgres cannot hold. */
export function tag<Of extends object>(has: (row: Of) => (tag: string) => boolean): Cases {
  return () =>
    ['Checkout', 'cHECKOUT', ' api ', ...texts, 'check', 'nothing', nul, ''].map((value) => ({
      value,
      matches: (row) => has(row as never)(storableText(value)),
    }));
}

/** An owner in any letter case, one that owns nothing, one that Postgres cannot hold. */
export function owner<Of extends object>(has: (row: Of) => (owner: string) => boolean): Cases {
  return () =>
    ['@acme/code', '@ACME/Code', ' ada@example.com ', '@acme', 'nobody', nul, ''].map((value) => ({
      value,
      matches: (row) => has(row as never)(storableText(value)),
    }));
}

/** One of an enum's values, two, none. An enum has no unknown value to send. */
export function oneOfEnum<Of extends object>(get: Read<Of>): Cases {
  const read = reader(get);
  return (rows) => {
    const [first, ...others] = distinct(rows, read);
    if (first === undefined) throw new Error('no row has a value');
    return lists(read, [[first], [first, ...others.slice(0, 1)], []]);
  };
}

function lists(read: (row: Row) => Value, values: readonly Value[][]): FilterCase[] {
  return values.map((value) => ({
    value,
    matches: (row) => value.map(stored).includes(read(row)),
  }));
}

function stored(value: Value): Value {
  return typeof value === 'string' ? storableText(value) : value;
}

/** One value exactly. */
export function equal<Of extends object>(get: Read<Of>, unknown: Value): Cases {
  const read = reader(get);
  return (rows) =>
    [
      ...distinct(rows, read).slice(0, 4),
      unknown,
      ...(typeof unknown === 'string' ? [nul] : []),
    ].map((value) => ({
      value: typeof value === 'bigint' ? Number(value) : value,
      matches: (row) => read(row) === stored(value),
    }));
}

/** A time: from an instant that a row has, up to one, both, an empty range, nothing said. */
export function during<Of extends object>(get: (row: Of) => Date): Cases {
  const read = (row: Row) => get(row as never).getTime();
  return (rows) => {
    const times = [...new Set(rows.map(read))].sort((a, b) => a - b);
    const at = (part: number) => times[Math.floor((times.length - 1) * part)] ?? 0;
    const ranges = [
      { from: at(0.3) },
      { to: at(0.6) },
      { from: at(0.2), to: at(0.7) },
      { from: at(0.5), to: at(0.5) },
      { from: at(0.7), to: at(0.2) },
      { from: null, to: null },
      {},
    ];
    return ranges.map(({ from, to }) => ({
      value: {
        ...(from === undefined ? {} : { from: from && new Date(from) }),
        ...(to === undefined ? {} : { to: to && new Date(to) }),
      },
      matches: (row) => (from == null || read(row) >= from) && (to == null || read(row) < to),
    }));
  };
}

/** Words to look for: each stands for itself, whatever it means elsewhere. */
const searches = [
  ...texts,
  '%',
  '_',
  '\\',
  '\\%',
  '%%',
  "'",
  '"',
  '$1',
  'DONE',
  'mixed case',
  'nul\0byte',
  'nul\uD800byte',
  '',
  'nowhere',
];

/** Part of a text, in any letter case. NUL is looked for as it is stored. */
export function containing<Of extends object>(get: (row: Of) => string): Cases {
  const read = (row: Row) => get(row as never);
  return (rows) => {
    const whole = rows.map(read).find((text) => text !== '') ?? 'no text';
    return [whole, ...searches].map((value) => ({
      value,
      matches: (row) => read(row).toLowerCase().includes(storableText(value).toLowerCase()),
    }));
  };
}

/** A repository by global id, by database id, by an id that is nobody's. */
export function repositoryId<Of extends object>(get: (row: Of) => string | null): Cases {
  return nodeId('Repository', get);
}

/** The id of a node of a type, in every way to say it, and one that nobody has. */
export function nodeId<Of extends object>(type: string, get: (row: Of) => string | null): Cases {
  const read = reader<Of>(get);
  const nobody = '00000000-0000-4000-8000-000000000000';
  return (rows) => {
    const [first, second] = [...distinct(rows, read).map(String), nobody];
    const asked = [
      [first, first],
      [first.toUpperCase(), first],
      [globalId(type, first), first],
      [second, second],
      [globalId(type, nobody), nobody],
    ];
    return asked.map(([value, id]) => ({ value, matches: (row) => read(row) === id }));
  };
}

/** A repository by its name in any letter case. */
export function repository<Of extends object>(
  { Repository }: Dataset,
  get: (row: Of) => string | null,
): Cases {
  const read = reader<Of>(get);
  const idOf = (slug: string) => Repository.find((row) => row.slug === slug)?.id;
  const slugs = Repository.map(({ slug }) => slug);
  const [first = '', second = ''] = slugs;
  return () =>
    [first, second, first.toUpperCase(), 'acme/nothing', 'acme', '%', ''].map((value) => ({
      value,
      matches: (row) => read(row) === idOf(value.toLowerCase()),
    }));
}
