import { normaliseSourcePath } from '../../domain/source-path.ts';
import { storableText } from '../../domain/text.ts';

const LONGEST_PATH = 4_096;

/** Gives the path of a source file in one spelling; undefined when there is none or it is no path. */
export function sourcePath(written: string | undefined): string | undefined {
  const path = normaliseSourcePath(storableText((written ?? '').trim()));
  return path === '' || path.length > LONGEST_PATH ? undefined : path;
}
