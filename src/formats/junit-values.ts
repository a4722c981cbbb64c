const MICROSECONDS_PER_SECOND = 1_000_000;

/**
 * Gives the whole microseconds of a `time` attribute, which is in seconds; null when there is no number, a
 * negative one, or one beyond the safe integers. Reads `1.5`, `1,234.5`, `1.234,5`, `0,25`, `4.5e-05`.
 */
export function parseDurationUs(time: string | undefined): number | null {
  const seconds = toDecimal(time?.trim() ?? '');
  if (!/^\+?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(seconds)) return null;
  const microseconds = Math.round(Number(seconds) * MICROSECONDS_PER_SECOND);
  return Number.isSafeInteger(microseconds) ? microseconds : null;
}

/** A comma groups thousands (`1,234`, `1,234.5`) unless it cannot (`0,25`, `12,5`): then it is the decimal mark. */
function toDecimal(number: string): string {
  if (!number.includes(',')) return number;
  if (/^\+?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(number)) return number.replaceAll(',', '');
  return number.replaceAll('.', '').replace(',', '.');
}

const TIMESTAMP =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?(?:[.,](\d+))?)?\s*(Z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2})?$/i;

/** Gives the instant of a `timestamp` attribute; one without a zone is UTC. Null when it cannot be read. */
export function parseTimestamp(timestamp: string | undefined): Date | null {
  const match = TIMESTAMP.exec(timestamp?.trim() ?? '');
  if (match == null) return null;
  const [, date = '', minutes = '00:00', seconds = ':00', fraction = '0', zone = 'Z'] = match;
  const instant = new Date(
    `${date}T${minutes}${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}${toOffset(zone)}`,
  );
  return Number.isNaN(instant.getTime()) ? null : instant;
}

/** Gives a line number, from 1; null when it is none. */
export function parseLine(line: string | undefined): number | null {
  const digits = line?.trim() ?? '';
  if (!/^\d{1,9}$/.test(digits)) return null;
  return Number(digits) || null;
}

function toOffset(zone: string): string {
  if (/^(z|utc)$/i.test(zone)) return 'Z';
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return `${zone.slice(0, 1)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}
