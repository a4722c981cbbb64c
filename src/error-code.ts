/** The `code` of an error of Node or Postgres, e.g. `ENOENT` or `57P03`; empty when it has none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
