import { testsFrom, type DemoProject } from '../project.ts';

const unitTests = testsFrom(
  [
    'refund.RefundServiceTest: refundsFullAmount | refundsPartialAmount | rejectsRefundAboveCapture | rejectsRefundOfVoidedPayment | keepsReasonCode | emitsRefundedEvent | isIdempotentPerKey | roundsHalfUpPerCurrency | refusesNegativeAmount',
    'refund.RefundPolicyTest: allowsWithinWindow | deniesAfterWindow | extendsWindowForDisputes | readsWindowFromMerchant | ignoresTestPayments | denialNamesTheRule',
    'ledger.LedgerTest: postsDebitAndCredit | balancesToZero | refusesUnbalancedEntry | ordersEntriesByValueDate | reversesEntry | keepsAuditTrail | rejectsClosedPeriod | sumsPerAccount | convertsAtBookingRate',
    'ledger.LedgerConcurrencyTest: concurrentTransfersKeepBalance | locksAccountsInOrder | retriesOnSerializationFailure | givesUpAfterFiveRetries',
    'fx.ExchangeRateClientTest: parsesEcbFeed | cachesRatesUntilMidnight | fallsBackToYesterday | rejectsStaleFeed | triangulatesThroughEuro | refusesUnknownCurrency',
    'fx.MoneyTest: addsSameCurrency | refusesMixedCurrencies | allocatesWithoutLosingCents | formatsForLocale | parsesFormattedAmount | comparesByAmount | negates | hashesByValue | knowsZeroDecimalCurrencies',
    'card.CardValidatorTest: acceptsValidLuhn | rejectsInvalidLuhn | detectsVisa | detectsMastercard | detectsAmex | masksAllButLastFour | rejectsExpiredCard | acceptsCardExpiringThisMonth | ignoresSpacesAndDashes',
    'card.TokenVaultTest: tokenizesPan | detokenizesForOwner | refusesForeignToken | rotatesKeys | expiresOneTimeTokens | neverLogsPan',
    'fraud.RiskScorerTest: scoresLowForKnownDevice | scoresHighForVelocity | weighsCountryMismatch | capsAtHundred | explainsScore | skipsTrustedMerchants | usesDefaultModelWhenMissing | isMonotonicInAmount',
    'fraud.VelocityWindowTest: countsWithinWindow | slidesWindow | forgetsOldEvents | separatesCards | survivesClockSkew',
    'invoice.InvoiceNumberTest: countsUpPerYear | leavesNoGaps | padsToSixDigits | resetsOnNewYear | separatesLegalEntities',
    'invoice.InvoicePdfTest: rendersLineItems | rendersReverseCharge | rendersGermanVat | embedsFonts | breaksLongTables | isPdfA3',
    'settlement.SettlementReportTest: aggregatesMonthlyBatches | groupsByMerchant | subtractsFees | carriesOverNegativeBalance | writesCamt053 | skipsEmptyMerchants | sortsByPayoutDate',
    'settlement.PayoutSchedulerTest: schedulesDaily | schedulesWeekly | skipsBankHolidays | holdsBelowMinimum | splitsAboveLimit | retriesRejectedPayout',
    'webhook.WebhookSignerTest: signsBodyAndTimestamp | verifiesOwnSignature | rejectsOldTimestamp | rejectsTamperedBody | supportsTwoSecretsDuringRotation',
    'webhook.RetryScheduleTest: backsOffExponentially | addsJitter | stopsAfterThreeDays | resetsAfterSuccess',
    'api.PaymentControllerTest: createsPayment | returnsExistingForSameKey | validatesAmount | validatesCurrency | answers404ForForeignPayment | answers409WhenCaptured | paginatesByCursor | limitsPageSize | requiresIdempotencyKey',
    'api.ProblemMapperTest: mapsValidationErrors | hidesInternalMessages | keepsTraceId | usesProblemJson',
    'auth.ApiKeyFilterTest: acceptsLiveKey | rejectsRevokedKey | rejectsTestKeyOnLive | rateLimitsPerKey | logsKeyPrefixOnly',
  ],
  {
    suite: (group) => `com.acme.payments.${group}`,
    className: (group) => `com.acme.payments.${group}`,
    file: (group) => `src/test/java/com/acme/payments/${group.replaceAll('.', '/')}.java`,
    language: 'JAVA',
    medianMs: 38,
    behaviours: {
      'ledger.LedgerConcurrencyTest › concurrentTransfersKeepBalance': {
        kind: 'FLAKY',
        rate: 0.06,
        message: 'expected: <0> but was: <250> ==> sum over all accounts after 64 transfers',
      },
      'fx.ExchangeRateClientTest › cachesRatesUntilMidnight': {
        kind: 'FLAKY',
        rate: 0.3,
        fromHour: 16,
        message:
          'expected: <1> upstream request but was: <2>: the cache expired while the test ran',
      },
      'invoice.InvoicePdfTest › rendersGermanVat': {
        kind: 'BROKEN',
        sinceDaysAgo: 9,
        message: 'expected: <19 % USt.> but was: <19.0 % USt.>',
      },
      'invoice.InvoicePdfTest › rendersReverseCharge': {
        kind: 'BROKEN',
        sinceDaysAgo: 9,
        message: 'expected: <0 % USt.> but was: <0.0 % USt.>',
      },
      'settlement.SettlementReportTest › aggregatesMonthlyBatches': { kind: 'SLOWING', factor: 6 },
      'card.TokenVaultTest › rotatesKeys': {
        kind: 'DISABLED',
        message: 'PAY-2207: needs the new HSM simulator',
      },
    },
  },
);

const integrationTests = testsFrom(
  [
    'PaymentFlowIT: authorizesAndCaptures | authorizesAndVoids | capturesTwice | refundsAcrossCaptures | expiresAuthorization | survivesDatabaseFailover',
    'PaymentWebhookIT: deliversInOrder | redeliversAfterTimeout | stopsOn410 | signsEveryDelivery | deduplicatesEvents',
    'LedgerRepositoryIT: insertsBatch | findsByAccount | streamsLargePeriods | enforcesUniqueReference | migratesFromV11',
    'SettlementJobIT: runsOncePerDay | resumesAfterCrash | writesReportToBucket | skipsWhenLocked',
    'FraudPipelineIT: scoresFromStream | replaysDeadLetters | handlesSchemaEvolution | dropsPoisonMessages',
    'MerchantApiIT: onboardsMerchant | rejectsDuplicateTaxId | updatesBankAccount | listsByCreation | archivesMerchant',
    'IdempotencyIT: returnsFirstAnswer | expiresAfterADay | separatesMerchants | survivesConcurrentRequests',
    'MigrationIT: migratesEmptySchema | migratesFromPreviousRelease | isRepeatable',
  ],
  {
    suite: () => 'integrationTest',
    className: (group) => `com.acme.payments.it.${group}`,
    file: (group) => `src/integrationTest/java/com/acme/payments/it/${group}.java`,
    language: 'JAVA',
    medianMs: 1_450,
    behaviours: {
      'PaymentWebhookIT › redeliversAfterTimeout': {
        kind: 'FLAKY',
        rate: 0.08,
        message: 'Condition with alias "second delivery" was not fulfilled within 10 seconds.',
      },
      'SettlementJobIT › skipsWhenLocked': {
        kind: 'DISABLED',
        message: 'PAY-1960: flaky, quarantined',
      },
    },
  },
);

const contractTests = testsFrom(
  [
    'CardNetworkContractTest: authorizationRequest | captureRequest | reversalRequest | chargebackNotice',
    'BankGatewayContractTest: sepaCreditTransfer | sepaReturn | accountStatement',
    'TaxServiceContractTest: vatRates | vatIdCheck',
    'FraudProviderContractTest: score | feedback | blocklist',
  ],
  {
    suite: () => 'contractTest',
    className: (group) => `com.acme.payments.contract.${group}`,
    file: (group) => `src/contractTest/java/com/acme/payments/contract/${group}.java`,
    language: 'JAVA',
    medianMs: 2_800,
    behaviours: { 'TaxServiceContractTest › vatRates': { kind: 'SLOWING', factor: 3 } },
  },
);

const agents = ['ubuntu-24.04-01', 'ubuntu-24.04-02', 'ubuntu-24.04-03', 'ubuntu-24.04-04'];
const machine = { agents, agentLabels: ['linux', 'x64', '4-core'] } as const;

/** A Java service that moves money, on GitHub Actions. */
export const paymentsApi: DemoProject = {
  repository: {
    owner: 'acme',
    name: 'payments-api',
    provider: 'github',
    defaultBranch: 'main',
    url: 'https://git.example.com/acme/payments-api',
  },
  source: 'github-actions',
  ciUrl: 'https://git.example.com/acme/payments-api/actions/runs',
  failedStatus: 'FAILURE',
  share: 0.44,
  ticket: 'PAY',
  topics: [
    'partial-refunds',
    'camt053-export',
    'hsm-key-rotation',
    'velocity-rules',
    'webhook-backoff',
    'merchant-onboarding',
    'sepa-instant',
    'ledger-locking',
    'vat-rendering',
    'idempotency-ttl',
    'problem-json',
    'postgres-18',
  ],
  jobs: [
    {
      name: 'unit-tests',
      trigger: 'PUSH',
      stages: [
        { name: 'Checkout', medianSeconds: 6 },
        { name: 'Set up JDK', medianSeconds: 11 },
        { name: 'Compile', compiles: true, medianSeconds: 48 },
        { name: 'Unit tests', medianSeconds: 12, runsTests: true },
        { name: 'Upload reports', medianSeconds: 4 },
      ],
      tests: unitTests,
      workers: 2,
      retries: 0,
      ...machine,
    },
    {
      name: 'integration-tests',
      trigger: 'PUSH',
      stages: [
        { name: 'Checkout', medianSeconds: 6 },
        { name: 'Set up JDK', medianSeconds: 11 },
        { name: 'Compile', compiles: true, medianSeconds: 50 },
        { name: 'Start containers', medianSeconds: 34 },
        { name: 'Integration tests', medianSeconds: 20, runsTests: true },
        { name: 'Upload reports', medianSeconds: 5 },
      ],
      tests: integrationTests,
      workers: 1,
      retries: 1,
      ...machine,
    },
    {
      name: 'build-image',
      trigger: 'MAIN',
      stages: [
        { name: 'Checkout', medianSeconds: 6 },
        { name: 'Build jar', compiles: true, medianSeconds: 72 },
        { name: 'Build image', medianSeconds: 58 },
        { name: 'Scan image', medianSeconds: 31 },
        { name: 'Push image', medianSeconds: 17 },
      ],
      tests: [],
      workers: 1,
      retries: 0,
      ...machine,
    },
    {
      name: 'nightly-contract-tests',
      trigger: 'NIGHTLY',
      stages: [
        { name: 'Checkout', medianSeconds: 6 },
        { name: 'Pull sandbox fixtures', medianSeconds: 25 },
        { name: 'Contract tests', medianSeconds: 40, runsTests: true },
        { name: 'Publish pacts', medianSeconds: 9 },
      ],
      tests: contractTests,
      workers: 1,
      retries: 0,
      ...machine,
    },
  ],
};
