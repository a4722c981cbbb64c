/** What people say about the demo's tests and machines, and what its repositories hold about owners. */
export const codeowners: readonly { readonly repository: string; readonly content: string }[] = [
  {
    repository: 'payments-api',
    content: `*                                             @acme/payments
/src/test/java/com/acme/payments/fx/          @acme/treasury
/src/test/java/com/acme/payments/ledger/      @acme/ledger @dana
/src/test/java/com/acme/payments/settlement/  @acme/treasury
`,
  },
  {
    repository: 'web-frontend',
    content: `*      @acme/web
/e2e/  @acme/quality
`,
  },
];

export const runnerPrices = {
  currency: 'USD',
  prices: [
    { label: 'linux', pricePerMinute: 0.008 },
    { label: 'macos', pricePerMinute: 0.08 },
  ],
} as const;

/** The test whose failures are muted. */
export const quarantined = {
  repository: 'payments-api',
  name: 'cachesRatesUntilMidnight',
  reason: 'PAY-2311: the cache expires while the test runs',
} as const;

export const tagged = {
  repository: 'payments-api',
  name: 'concurrentTransfersKeepBalance',
  tags: ['concurrency', 'ledger'],
} as const;
