import type { AttemptEvent } from '../formats/report-events.ts';

/** How the variant of uploaded results is found. */
export interface VariantRule {
  /** Given by the uploader; null when there is none. */
  readonly variant: string | null;
  /** Properties whose values tell environments apart, e.g. `os`, `browser`. */
  readonly properties: readonly string[];
}

/** E.g. `nightly, browser=firefox, os=linux`: what is given, then the properties the test or its suite has, in the order asked. */
export function variantOf(
  { variant, properties }: VariantRule,
  attempt: Pick<AttemptEvent, 'properties' | 'suiteProperties'>,
): string {
  const derived = properties.flatMap((name) => {
    const value = attempt.properties[name] ?? attempt.suiteProperties[name];
    return value === undefined ? [] : [`${name}=${value}`];
  });
  return [...(variant === null ? [] : [variant]), ...derived].join(', ');
}
