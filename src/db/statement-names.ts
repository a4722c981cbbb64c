import { createHash } from 'node:crypto';

const seenAtMost = 5_000;

export interface StatementNamesOptions {
  /** So many statements get a name; each costs every connection memory for good. */
  readonly most: number;
}

/**
 * Names the statements worth preparing: those asked again. A prepared statement is planned once for each
 * connection, and planning a read over partitions costs more than running it. Later statements go
 * unprepared once the names are used up, so that no caller can fill Postgres' memory with odd queries.
 */
export function createStatementNames({
  most,
}: StatementNamesOptions): (text: string) => string | undefined {
  const names = new Map<string, string>();
  const seen = new Set<string>();

  return (text) => {
    const name = names.get(text);
    if (name !== undefined) return name;
    if (names.size >= most) return undefined;
    if (!seen.has(text)) {
      if (seen.size >= seenAtMost) seen.clear();
      seen.add(text);
      return undefined;
    }
    seen.delete(text);
    const given = createHash('sha1').update(text).digest('base64url');
    names.set(text, given);
    return given;
  };
}
