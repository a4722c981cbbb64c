import type pg from 'pg';

const bookkeeping = /^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b/i;

/** Records the text of every statement that a pool runs, but for what opens and ends transactions. */
export function recordStatements(pool: pg.Pool): readonly string[] {
  const statements: string[] = [];
  pool.on('connect', (client) => {
    client.query = new Proxy(client.query, {
      apply(query, self, args: unknown[]) {
        const text = textOf(args[0]);
        if (!bookkeeping.test(text)) statements.push(text);
        return Reflect.apply(query, self, args) as unknown;
      },
    });
  });
  return statements;
}

/** `query` takes a string or an object with the text. */
function textOf(statement: unknown): string {
  if (typeof statement === 'string') return statement;
  const hasText = typeof statement === 'object' && statement !== null && 'text' in statement;
  return hasText ? String(statement.text) : '';
}
