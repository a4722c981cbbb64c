import type { NameFoldingRule } from '../db/generated/prisma/enums.ts';

interface Folding {
  readonly pattern: RegExp;
  /** What stands for the volatile part; `$1` is what goes before it and stays. */
  readonly replacement: string;
}

/** A part begins and ends where a word does; `_` and `-` join words in names of tests. */
const start = '(?<![0-9A-Za-z])';
const end = '(?![0-9A-Za-z])';

function pattern(...parts: readonly string[]): RegExp {
  return new RegExp(parts.join(''), 'g');
}

// Every repetition is bounded or is over characters of which none begins another match, so that the time
// grows with the length of the name alone.

const tempRoots = [
  String.raw`(?<![^\s"'\`<>|,;=:()[\]{\-])(?:/private)?/tmp`,
  String.raw`(?<![^\s"'\`<>|,;=:()[\]{\-])/var/tmp`,
  String.raw`(?<![^\s"'\`<>|,;=:()[\]{\-])(?:/private)?/var/folders/\w\w/\w{1,64}/[A-Z]`,
  String.raw`(?<=\bfile:/{2})(?:/private)?/tmp`,
  String.raw`(?<![0-9A-Za-z])[A-Za-z]:[\\/]{1,2}Users[\\/]{1,2}[^\\/:*?"<>|\r\n]{1,64}[\\/]{1,2}AppData[\\/]{1,2}Local[\\/]{1,2}Temp`,
  String.raw`(?<![0-9A-Za-z])[A-Za-z]:[\\/]{1,2}(?:Windows[\\/]{1,2})?(?:Temp|TEMP|tmp)`,
];

const year = String.raw`(?:19|20|21)\d\d`;
const month = '(?:0[1-9]|1[0-2])';
const day = String.raw`(?:0[1-9]|[12]\d|3[01])`;
const hour = String.raw`(?:[01]\d|2[0-4])`;
const minute = String.raw`[0-5]\d`;
const second = String.raw`(?:[0-5]\d|60)`;
const fraction = String.raw`(?:[.,]\d{1,9})?`;
const zone = String.raw`(?: ?(?:Z|UTC|GMT)| ?[+-]\d\d:?\d\d)?`;

/** In this order, whatever the order of the rules: what is larger may hold what is smaller. */
const foldings: Readonly<Record<NameFoldingRule, Folding>> = {
  TEMP_PATHS: {
    pattern: pattern(
      `(?:${tempRoots.join('|')})`,
      String.raw`[\\/][^\s"'\`<>|,;=:()[\]{}]*[^\s"'\`<>|,;=:()[\]{}.!?\\/]`,
    ),
    replacement: '{path}',
  },
  UUIDS: {
    pattern: pattern(start, '[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}', end),
    replacement: '{uuid}',
  },
  DATES: {
    pattern: pattern(
      String.raw`(?<![0-9A-Za-z.:])(?:`,
      `${year}-${month}-${day}(?:[T _]${hour}:${minute}(?::${second}${fraction})?${zone}`,
      `|[T_]${hour}-${minute}-${second}(?:[.-]\\d{3,9})?Z?)?`,
      `|${year}${month}${day}T${hour}${minute}(?:${second}${fraction})?${zone}`,
      `|${hour}:${minute}:${second}${fraction}`,
      ')',
      String.raw`(?![0-9A-Za-z]|[.:]\d)`,
    ),
    replacement: '{date}',
  },
  HEX_ADDRESSES: {
    // Java writes objects without a text of their own as `Type@1b6d3586`.
    pattern: pattern(
      String.raw`(?:${start}0x[0-9A-Fa-f]{8,16}|(?<=[A-Za-z0-9_$;]@)(?=[a-f]*\d)[0-9a-f]{6,8})`,
      String.raw`(?![0-9A-Za-z]|\.\w)`,
    ),
    replacement: '{address}',
  },
  PORTS: {
    pattern: pattern(
      '(',
      [
        String.raw`(?<![0-9A-Za-z_])localhost`,
        String.raw`(?<![0-9A-Za-z_.])(?:\d{1,3}\.){3}\d{1,3}`,
        String.raw`\[[0-9A-Fa-f:.]{0,40}::[0-9A-Fa-f:.]{0,40}\]`,
        String.raw`:\/\/(?:[^\s/?#@"'\[\]]{1,128}@)?[0-9A-Za-z_.{}-]{1,253}`,
      ].join('|'),
      String.raw`):\d{1,5}(?![0-9A-Za-z_@]|[.:]\d)`,
    ),
    replacement: '$1:{port}',
  },
  SEEDS: {
    pattern: pattern(
      '((?:(?<![A-Za-z])(?:seed|SEED)|(?<![A-Z])Seed)',
      String.raw`(?:["']?\s?[:=#(]\s?["'[#]?|[_-]|\s#?(?=\S{1,80}(?:\s*$|\s*[^\s0-9A-Za-z_.-])))`,
      ')',
      String.raw`(?:-?\d{1,39}(?:\.\d{1,39})?|0x[0-9A-Fa-f]{1,64}`,
      String.raw`|(?=[A-Fa-f]{0,63}\d)[0-9A-Fa-f]{8,64}(?::[0-9A-Fa-f]{8,64}){0,9})`,
      String.raw`(?![0-9A-Za-z]|[.:]\w)`,
    ),
    replacement: '$1{seed}',
  },
};

/**
 * Gives the name with its volatile parts replaced by what they are: `{seed}`, `{port}`, `{date}`, `{uuid}`,
 * `{path}`, `{address}`. Folding again changes nothing, and the order of the rules does not matter. What
 * might as well tell two tests apart stays: versions, plain numbers, short hex constants.
 */
export function foldName(name: string, rules: readonly NameFoldingRule[]): string {
  if (rules.length === 0) return name;
  const asked = new Set<string>(rules);
  const wanted = Object.entries(foldings).flatMap(([rule, folding]) =>
    asked.has(rule) ? [folding] : [],
  );
  // What one rule leaves behind may make a match of another, e.g. where a date began inside of a path.
  let folded = name;
  for (let pass = 0; pass < mostPasses; pass += 1) {
    const next = foldOnce(folded, wanted);
    if (next === folded) break;
    folded = next;
  }
  return folded;
}

/** Every pass takes digits away, so that two or three are enough for any name that people write. */
const mostPasses = 20;

function foldOnce(name: string, wanted: readonly Folding[]): string {
  return wanted.reduce(
    (folded, { pattern: volatile, replacement }) => folded.replace(volatile, replacement),
    name,
  );
}
