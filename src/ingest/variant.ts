import type { AttemptEvent, Properties } from '../formats/report-events.ts';
import type { ReportFormat } from '../formats/report-formats.ts';

/** How the variant of uploaded results is found. */
export interface VariantRule {
  /** Given by the uploader; null when there is none. */
  readonly variant: string | null;
  /** Properties whose values tell environments apart, e.g. `os`, `browser`; null: those of the report's format. */
  readonly properties: readonly string[] | null;
}

/** What runners put into their reports when they run every test in several environments. */
const usual: Readonly<Record<string, readonly string[]>> = {
  CTRF: ['browser', 'device'],
  DART: ['platform'],
  PLAYWRIGHT: ['project'],
} satisfies Partial<Record<ReportFormat, readonly string[]>>;

/** E.g. `nightly, browser=firefox, os=linux`: what is given, then the properties the test or its suite has, in the order asked. */
export function variantOf(
  { variant, properties }: VariantRule,
  attempt: Pick<AttemptEvent, 'properties' | 'suiteProperties'>,
  format: string | null,
): string {
  const names = properties ?? (format === null ? undefined : usual[format]) ?? [];
  const derived = names.flatMap((name) => {
    const value = own(attempt.properties, name) ?? own(attempt.suiteProperties, name);
    return value === undefined ? [] : [`${name}=${value}`];
  });
  return [...(variant === null ? [] : [variant]), ...derived].join(', ');
}

function own(properties: Properties, name: string): string | undefined {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}
