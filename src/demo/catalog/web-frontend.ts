import { testsFrom, type DemoProject } from '../project.ts';

const unitTests = testsFrom(
  [
    'checkout/cart-reducer: adds an item | removes an item | merges equal items | caps the quantity at stock | keeps the voucher | recalculates shipping | restores from storage | ignores unknown actions',
    'checkout/price-breakdown: shows net and gross | rounds per line | shows a discount as its own line | hides zero fees | formats for de-AT | formats for fr-CH | announces changes to screen readers',
    'checkout/address-form: validates the postal code | suggests a street | keeps input on error | focuses the first error | hides the state field in Europe | autofills from the account',
    'checkout/payment-step: lists allowed methods | remembers the last method | masks the card number | shows the 3DS frame | recovers from a closed frame | blocks double submit',
    'search/use-debounced-search: waits for a pause | cancels the pending request | keeps the last result while loading | retries once on a network error | trims the query | skips queries under two characters',
    'search/facets: toggles a facet | counts per facet | collapses long lists | keeps the order stable | encodes facets in the URL | clears all',
    'catalog/product-card: shows the price | shows the sale price | marks sold out | lazy loads the image | links to the product | tracks the impression once | falls back without an image',
    'catalog/product-gallery: zooms on hover | swipes on touch | loads thumbnails first | supports the keyboard | shows the video last',
    'account/session-store: refreshes before expiry | logs out on 401 | syncs across tabs | survives a clock skew | keeps the return path',
    'account/order-history: paginates | filters by year | shows the tracking link | downloads the invoice | offers a return within 30 days',
    'i18n/plural-rules: picks one and other in English | picks few in Polish | picks two in Slovenian | falls back to other | warns on a missing key',
    'i18n/date-format: formats relative days | formats ranges | uses the shop time zone | survives the change to summer time',
    'ui/dialog: traps the focus | closes on Escape | restores the focus | locks the scroll | stacks dialogs | is labelled',
    'ui/data-table: sorts by a column | keeps the sort on refresh | virtualizes long lists | selects a range with Shift | resizes a column | exports CSV',
    'ui/toast: queues messages | hides after a delay | pauses on hover | announces politely | offers undo',
    'ui/combobox: filters while typing | selects with Enter | shows no results | creates an option | supports touch',
    'api/client: adds the trace header | retries idempotent requests | does not retry a POST | aborts on unmount | maps problem details | batches within a tick',
    'api/cache: serves stale while revalidating | drops by tag | respects max-age | limits its size | survives a quota error',
    'analytics/consent: sends nothing before consent | flushes the queue after consent | honours do-not-track | forgets on withdrawal',
    'perf/image-loader: picks AVIF | picks the density | sets the intrinsic size | preloads the hero',
  ],
  {
    suite: (group) => `src/${group}.test.ts`,
    className: (group) => group.replace(/^.*\//, '').replaceAll('-', ' '),
    file: (group) => `src/${group}.test.ts`,
    language: 'TYPESCRIPT',
    medianMs: 17,
    behaviours: {
      'search/use-debounced-search › cancels the pending request': {
        kind: 'FLAKY',
        rate: 0.07,
        message: 'AssertionError: expected "abort" to be called 1 times, but got 0 times',
      },
      'ui/data-table › virtualizes long lists': { kind: 'SLOWING', factor: 2.5 },
      'perf/image-loader › picks AVIF': { kind: 'DISABLED', message: 'jsdom cannot decode AVIF' },
    },
  },
);

const endToEndTests = testsFrom(
  [
    'checkout: buys as a guest | buys with an account | applies a voucher | rejects an expired voucher | pays by invoice | changes the address in the last step | keeps the cart over a login',
    'search: finds a product by name | narrows by facet | recovers from no results | shares a search by URL | searches by barcode',
    'account: signs up | signs in | resets the password | session survives a reload | deletes the account',
    'catalog: opens a product from the home page | compares two products | plays the product video | shows the size guide',
    'returns: returns one item | prints the label | refuses after 30 days',
    'accessibility: home page has no violations | product page has no violations | checkout has no violations',
    'localisation: switches the language | switches the currency | keeps the language over a login',
    'resilience: works offline for the cart | shows a banner when the API is down | retries a failed payment',
  ],
  {
    suite: (group) => `e2e/${group}.spec.ts`,
    className: (group) => group,
    file: (group) => `e2e/${group}.spec.ts`,
    language: 'PLAYWRIGHT',
    medianMs: 4_600,
    behaviours: {
      'checkout › applies a voucher': {
        kind: 'FLAKY',
        rate: 0.1,
        message:
          'Timed out 5000ms waiting for expect(locator).toHaveText(expected): getByTestId("total")',
      },
      'account › session survives a reload': {
        kind: 'FLAKY',
        rate: 0.15,
        sinceDaysAgo: 21,
        message: 'Test timeout of 30000ms exceeded while waiting for navigation to "/account"',
      },
      'catalog › plays the product video': {
        kind: 'DISABLED',
        message: 'no codec in the CI image',
      },
    },
  },
);

const agents = ['runner-a1', 'runner-a2', 'runner-b1'];
const machine = { agents, agentLabels: ['docker', 'linux', 'node-22'] } as const;

/** A shop in the browser, on GitLab CI. */
export const webFrontend: DemoProject = {
  repository: {
    owner: 'acme',
    name: 'web-frontend',
    provider: 'gitlab',
    defaultBranch: 'main',
    url: 'https://gitlab.example.com/acme/web-frontend',
  },
  source: 'gitlab-ci',
  ciUrl: 'https://gitlab.example.com/acme/web-frontend/-/jobs',
  failedStatus: 'FAILURE',
  share: 0.36,
  ticket: 'WEB',
  topics: [
    'voucher-banner',
    'guest-checkout',
    'facet-counts',
    'dark-mode',
    'image-loader',
    'session-refresh',
    'data-table-virtualization',
    'returns-flow',
    'consent-dialog',
    'vite-8',
    'polish-plurals',
    'product-video',
  ],
  jobs: [
    {
      name: 'lint',
      trigger: 'PUSH',
      stages: [
        { name: 'Install', medianSeconds: 21 },
        { name: 'Type check', compiles: true, medianSeconds: 33 },
        { name: 'ESLint', medianSeconds: 27 },
      ],
      tests: [],
      workers: 1,
      retries: 0,
      ...machine,
    },
    {
      name: 'unit-tests',
      trigger: 'PUSH',
      stages: [
        { name: 'Install', medianSeconds: 21 },
        { name: 'Vitest', medianSeconds: 14, runsTests: true },
        { name: 'Coverage', medianSeconds: 8 },
      ],
      tests: unitTests,
      workers: 2,
      retries: 0,
      ...machine,
    },
    {
      name: 'e2e-tests',
      trigger: 'PUSH',
      stages: [
        { name: 'Install', medianSeconds: 23 },
        { name: 'Build', compiles: true, medianSeconds: 64 },
        { name: 'Start services', medianSeconds: 18 },
        { name: 'Playwright', medianSeconds: 30, runsTests: true },
        { name: 'Upload traces', medianSeconds: 7 },
      ],
      tests: endToEndTests,
      workers: 3,
      retries: 1,
      ...machine,
    },
    {
      name: 'deploy-preview',
      trigger: 'PULL_REQUEST',
      stages: [
        { name: 'Install', medianSeconds: 22 },
        { name: 'Build', compiles: true, medianSeconds: 61 },
        { name: 'Deploy', medianSeconds: 24 },
        { name: 'Smoke test', medianSeconds: 9 },
      ],
      tests: [],
      workers: 1,
      retries: 0,
      ...machine,
    },
  ],
};
