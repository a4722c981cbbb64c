/**
 * Gives one spelling of a source file's path: forward slashes, none doubled, no `.` on the way. `../`, `C:`
 * and a leading slash stay: only whoever ran the test knows what they stand for.
 */
export function normaliseSourcePath(file: string): string {
  const slashed = file.replaceAll('\\', '/').replace(/\/{2,}/g, '/');
  const parts = slashed.split('/').filter((part) => part !== '.');
  return parts.join('/') || slashed;
}
