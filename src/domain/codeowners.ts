import { readGithubLine } from './codeowners-github.ts';
import { readGitlabLine } from './codeowners-gitlab.ts';
import type { CodeownersRule } from './codeowners-rule.ts';

/** Whose rules a CODEOWNERS file follows. */
export type CodeownersDialect = 'GITHUB' | 'GITLAB';

/** What is wrong with a line. */
export interface CodeownersProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** What a CODEOWNERS file says. */
export interface Codeowners {
  /** In the order of the file: the last that matches wins. */
  readonly rules: readonly CodeownersRule[];
  readonly sectionCount: number;
  /** The first 100 in the order of the file. */
  readonly problems: readonly CodeownersProblem[];
  readonly problemCount: number;
}

/** At most so many bytes, as GitHub has it. */
export const mostCodeownersBytes = 3 * 1024 * 1024;
/** At most so many lines. */
export const mostCodeownersLines = 100_000;

const keptProblems = 100;
/** Parts between slashes in all patterns together: what is kept of them has to fit into memory. */
const mostSegments = 500_000;

const readers = { GITHUB: readGithubLine, GITLAB: readGitlabLine } as const;

/**
 * Reads a CODEOWNERS file. A line that is no good is left out and reported, never fatal.
 * Sources: docs.github.com "About code owners", docs.gitlab.com "Syntax of CODEOWNERS file".
 */
export function parseCodeowners(content: string, dialect: CodeownersDialect): Codeowners {
  const rules: CodeownersRule[] = [];
  const problems: CodeownersProblem[] = [];
  const sections = new Map([['', 0]]);
  let problemCount = 0;
  let segmentCount = 0;
  let section = 0;
  let defaults: readonly string[] = [];

  const report = (line: number, message: string): void => {
    problemCount += 1;
    if (problems.length < keptProblems) problems.push({ line, message });
  };
  for (const [index, text] of content
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const { heading, rule, problems: wrong } = readers[dialect](text.trim(), defaults);
    for (const message of wrong) report(index + 1, message);
    if (heading !== undefined) {
      const name = heading.name.toLowerCase();
      section = sections.get(name) ?? sections.size;
      sections.set(name, section);
      defaults = heading.owners;
    }
    if (rule === undefined) continue;
    segmentCount += rule.pattern.segments.length;
    if (segmentCount <= mostSegments) rules.push({ ...rule, section });
    else report(index + 1, 'is ignored: the patterns of this file are too long altogether');
  }
  return { rules, sectionCount: sections.size, problems, problemCount };
}
