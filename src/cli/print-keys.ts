import type { VisibleApiKey } from '../identity/visible-api-key.ts';

/** A key as `--json` shows it. */
export function presentKey(key: VisibleApiKey): Readonly<Record<string, unknown>> {
  const { id, name, hint, capabilities, createdAt, expiresAt, revokedAt, lastUsedAt } = key;
  return {
    id,
    name,
    hint,
    capabilities: capabilities.map((each) => each.toLowerCase()),
    createdAt,
    expiresAt,
    revokedAt,
    lastUsedAt,
  };
}

/** Prints keys as a JSON array, or as a table for people. */
export function printKeys(keys: readonly VisibleApiKey[], asJson: boolean): void {
  if (asJson) {
    console.log(JSON.stringify(keys.map(presentKey)));
    return;
  }
  const rows = [
    ['ID', 'KEY', 'CAPABILITIES', 'STATE', 'LAST USED', 'NAME'],
    ...keys.map((key) => [
      key.id,
      `…${key.hint}`,
      key.capabilities.join(',').toLowerCase(),
      stateOf(key),
      key.lastUsedAt?.toISOString() ?? 'never',
      key.name,
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}

function stateOf({ revokedAt, expiresAt }: VisibleApiKey): string {
  if (revokedAt !== null) return 'revoked';
  if (expiresAt === null) return 'works';
  return expiresAt <= new Date() ? 'expired' : `works until ${expiresAt.toISOString()}`;
}
