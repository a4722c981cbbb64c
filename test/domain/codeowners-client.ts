import { readFile } from 'node:fs/promises';
import { type CodeownersDialect, parseCodeowners } from '../../src/domain/codeowners.ts';
import { ownerFinder } from '../../src/domain/codeowners-finder.ts';

/** A CODEOWNERS file, line by line. */
export function github(...lines: readonly string[]) {
  return read(lines.join('\n'), 'GITHUB');
}

export function gitlab(...lines: readonly string[]) {
  return read(lines.join('\n'), 'GITLAB');
}

/** A real file of the fixtures, e.g. `github/codeowners_example`. */
export async function fixture(path: string) {
  const content = await readFile(
    new URL(`../fixtures/codeowners/${path}`, import.meta.url),
    'utf8',
  );
  return read(content, path.startsWith('github/') ? 'GITHUB' : 'GITLAB');
}

/** What the file says, and whom it names for each of some files. */
function read(content: string, dialect: CodeownersDialect) {
  const parsed = parseCodeowners(content, dialect);
  const ownersOf = ownerFinder(parsed);
  return {
    ...parsed,
    ownersOf,
    owned: (...files: readonly string[]) =>
      Object.fromEntries(files.map((file) => [file, ownersOf(file).join(' ')])),
  };
}
