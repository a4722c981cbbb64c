import type { TestCheckout } from './checkout.ts';

export interface CiEnvironment {
  /** What the CI sets; files that it would leave are written. */
  readonly variables: (at: TestCheckout) => Promise<Record<string, string>>;
  /** What the build must be. */
  readonly build: Readonly<Record<string, unknown>>;
  /** What the stages of the build must be. */
  readonly stages: readonly Readonly<Record<string, unknown>>[];
}

export const running = { status: 'IN_PROGRESS' };
export const widgets = { repository: { fullName: 'acme/widgets' } };
