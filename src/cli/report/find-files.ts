import { stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { glob } from 'tinyglobby';

export interface FoundFile {
  /** Where it is. */
  readonly path: string;
  /** Where it is in the working directory, with `/`, as the gateway shows it. */
  readonly name: string;
  readonly sizeBytes: number;
}

export interface FoundFiles {
  /** Each file once, sorted by name. */
  readonly files: readonly FoundFile[];
  /** The patterns that nothing fits. */
  readonly empty: readonly string[];
}

const ignore = ['**/node_modules/**', '**/.git/**'];

/**
 * Finds the files that fit the patterns: globs, names of files, or directories, in which every file counts that has
 * one of the extensions.
 */
export async function findFiles(
  patterns: readonly string[],
  cwd: string,
  extensions: readonly string[],
): Promise<FoundFiles> {
  const paths = new Set<string>();
  const empty: string[] = [];
  for (const pattern of patterns) {
    const matches = await match(pattern, cwd, extensions);
    if (matches.length === 0) empty.push(pattern);
    for (const path of matches) paths.add(path);
  }
  const found = await Promise.all([...paths].map((path) => describe(path, cwd)));
  const files = found.filter((file) => file !== undefined);
  return { files: files.sort((a, b) => (a.name < b.name ? -1 : 1)), empty };
}

async function match(
  pattern: string,
  cwd: string,
  extensions: readonly string[],
): Promise<string[]> {
  // A name that a shell has found is no pattern, whatever brackets are in it.
  const entry = await stat(resolve(cwd, pattern)).catch(() => undefined);
  if (entry?.isFile() === true) return [resolve(cwd, pattern)];
  const options = { absolute: true, dot: true, expandDirectories: false, onlyFiles: true, ignore };
  const within = entry?.isDirectory() === true ? resolve(cwd, pattern) : cwd;
  const asked =
    within === cwd ? pattern.replaceAll(sep === '\\' ? sep : '/', '/') : everyFile(extensions);
  const found = await glob(asked, { ...options, cwd: within });
  return found.map((path) => resolve(path));
}

function everyFile(extensions: readonly string[]): string {
  return extensions.length === 0 ? '**' : `**/*.{${extensions.join(',')}}`;
}

/** Undefined for a file that is gone by now. */
async function describe(path: string, cwd: string): Promise<FoundFile | undefined> {
  const entry = await stat(path).catch(() => undefined);
  const name = relative(cwd, path).split(sep).join('/');
  return entry && { path, name, sizeBytes: entry.size };
}

/** Splits a list of globs, as `TEST_RESULTS_GLOB` holds one: at line ends, and at commas that are in no braces. */
export function splitGlobs(text: string): string[] {
  const globs: string[] = [''];
  let depth = 0;
  for (const char of text) {
    if (char === '{') depth += 1;
    if (char === '}') depth -= 1;
    if (char === '\n' || (char === ',' && depth <= 0)) globs.push('');
    else globs.push((globs.pop() ?? '') + char);
  }
  return globs.map((glob) => glob.trim()).filter((glob) => glob !== '');
}
