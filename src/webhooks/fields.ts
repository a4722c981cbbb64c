import { z } from 'zod';

type Read<Value> = z.ZodType<Value>;

/** A field of whatever a CI system sends: what is not as expected reads as not there, and never as an error. */
function field<Value>(read: (value: unknown) => Value): Read<Value> {
  return z.unknown().optional().transform(read); // optional: an absent key is read too
}

/** Text, or a number as text; null when it is absent or empty. Longer text is cut. */
export function text(max = 512): Read<string | null> {
  return field((value) => {
    if (typeof value === 'number') return String(value);
    if (typeof value !== 'string') return null;
    return value.trim().slice(0, max).toWellFormed() || null;
  });
}

/** Address; leaves room in the 2048 characters of a stored one for a page that is put behind it. */
export const address = text(1800);

/** Whole number from 0, or digits; null for anything else. */
export const count = field((value) => {
  const number =
    typeof value === 'string' && /^\d{1,15}$/.test(value.trim()) ? Number(value) : value;
  return Number.isSafeInteger(number) && Number(number) >= 0 ? Number(number) : null;
});

const longestSeconds = 1e8; // three years

/** Seconds, perhaps with a fraction, as whole milliseconds; null for anything else. */
export const seconds = field((value) =>
  typeof value === 'number' && value >= 0 && value < longestSeconds
    ? Math.round(value * 1000)
    : null,
);

/** True or false; null for anything else. */
export const flag = field((value) => (typeof value === 'boolean' ? value : null));

/** A moment in any of the forms that CI systems write; null when it is none, or none that can be stored. */
export const moment = field((value) => {
  if (typeof value === 'number') return storable(new Date(value));
  return typeof value === 'string' ? storable(parse(value.trim())) : null;
});

/** An object with these fields; with none of them where there is no object. */
export function part<Shape extends z.ZodRawShape>(
  shape: Shape,
): z.ZodType<z.output<z.ZodObject<Shape>>> {
  return field((value) => (isObject(value) ? value : {})).pipe(z.object(shape));
}

const longestList = 5000;

/** A list of such objects; the first 5000 of a longer one. */
export function parts<Shape extends z.ZodRawShape>(
  shape: Shape,
): z.ZodType<z.output<z.ZodObject<Shape>>[]> {
  const items = field((value): unknown[] =>
    Array.isArray(value) ? value.slice(0, longestList) : [],
  );
  return items.pipe(z.array(part(shape)));
}

/** A list of texts, without what is none. */
export const texts = field((value) =>
  (Array.isArray(value) ? value.slice(0, 100) : []).flatMap((item: unknown) =>
    typeof item === 'string' && item.trim() !== ''
      ? [item.trim().slice(0, 256).toWellFormed()]
      : [],
  ),
);

/** Whether the value is an object, and no list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** GitLab writes `2016-08-12 15:23:28 UTC` or `+0200`, TeamCity `20260302T100000+0000`, Azure seven digits of a fraction. */
const written =
  /^(\d{4})-?(\d\d)-?(\d\d)[T ](\d\d):?(\d\d):?(\d\d)(?:[.,](\d+))? ?(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i;

function parse(value: string): Date {
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] =
    written.exec(value) ?? [];
  if (year === undefined) return new Date(Number.NaN);
  const ms = fraction.slice(0, 3).padEnd(3, '0');
  const offset = /^(z|utc)$/i.test(zone)
    ? 'Z'
    : `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '').padEnd(2, '0')}`;
  return new Date(
    `${year}-${String(month)}-${String(day)}T${String(hour)}:${String(minute)}:${String(second)}.${ms}${offset}`,
  );
}

/** Not the year 1, as some write for "never", nor what cannot be stored with a duration behind it. */
function storable(at: Date): Date | null {
  const time = at.getTime();
  return time >= 0 && time < Date.UTC(2100, 0, 1) ? at : null;
}
