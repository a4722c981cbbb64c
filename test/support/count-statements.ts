import type pg from 'pg';

/** One statement as it was sent. */
export interface SentStatement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Also when keys were used: written every few seconds, whatever a test does. */
const bookkeeping =
  /^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b|UPDATE api_keys SET last_used_at/i;

/** Records every statement that a pool runs, but for bookkeeping. */
export function recordStatements(pool: pg.Pool): readonly SentStatement[] {
  const statements: SentStatement[] = [];
  pool.on('connect', (client) => {
    client.query = new Proxy(client.query, {
      apply(query, self, args: unknown[]) {
        const statement = sent(args);
        if (!bookkeeping.test(statement.text)) statements.push(statement);
        return Reflect.apply(query, self, args) as unknown;
      },
    });
  });
  return statements;
}

/** `query` takes a string or an object with the text; the values stand in it or beside it. */
function sent([statement, beside]: readonly unknown[]): SentStatement {
  const { text = '', values = beside } =
    typeof statement === 'string' ? { text: statement } : (statement as Partial<SentStatement>);
  return { text, values: Array.isArray(values) ? values : [] };
}
