import type { Pattern } from './codeowners-pattern.ts';

/** Files with a name like this, and who owns them. */
export interface CodeownersRule {
  /** Index of its section; files of GitHub have one. */
  readonly section: number;
  readonly pattern: Pattern;
  /** Nobody, when empty: its files have no owner. */
  readonly owners: readonly string[];
  /** True when its files have no owner in its section, whatever other rules say. */
  readonly isExclusion: boolean;
}

/** What one line says, in the words of both dialects. */
export interface CodeownersLine {
  /** The lines below belong to this section, and what names no owner there has these. */
  readonly heading?: { readonly name: string; readonly owners: readonly string[] };
  readonly rule?: Omit<CodeownersRule, 'section'>;
  readonly problems: readonly string[];
}
