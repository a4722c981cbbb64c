import { testsFrom, type DemoProject } from '../project.ts';

const androidTests = testsFrom(
  [
    'sync.OfflineSyncTest: mergesQueuedEdits | keepsOrderOfEdits | resolvesConflictByVersion | retriesAfterReconnect | dropsExpiredEdits | survivesProcessDeath',
    'scan.BarcodeParserTest: parsesEan13 | parsesGs1 | rejectsBadChecksum | readsUpsideDown | ignoresQuietZone',
    'wallet.PassStoreTest: savesPass | updatesPass | expiresPass | encryptsAtRest | restoresFromBackup',
    'push.NotificationRouterTest: opensDeepLink | groupsByThread | respectsQuietHours | dropsDuplicates',
    'profile.AvatarCropperTest: cropsSquare | keepsOrientation | limitsSize | refusesAnimated',
    'net.CertificatePinnerTest: acceptsPinned | rejectsUnknown | acceptsBackupPin | reportsMismatch',
    'shop.DeliverySlotTest: offersNextDay | skipsSundays | respectsCutoff | showsLocalTime',
    'feature.FlagStoreTest: readsDefaults | appliesRollout | isStickyPerUser | refreshesInBackground | survivesMalformedPayload',
  ],
  {
    suite: (group) => `com.acme.app.${group}`,
    className: (group) => `com.acme.app.${group}`,
    file: (group) => `android/app/src/test/java/com/acme/app/${group.replaceAll('.', '/')}.kt`,
    language: 'KOTLIN',
    medianMs: 85,
    behaviours: {
      'sync.OfflineSyncTest › mergesQueuedEdits': {
        kind: 'FLAKY',
        rate: 0.13,
        message: 'java.util.ConcurrentModificationException: queue changed while it was drained',
      },
      'wallet.PassStoreTest › restoresFromBackup': {
        kind: 'DISABLED',
        message: 'APP-711: emulator image has no backup transport',
      },
    },
  },
);

const iosTests = testsFrom(
  [
    'CartViewModelTests: testAddsItem | testRemovesItem | testUndoRestoresItem | testBadgeCount | testPersistsAcrossLaunch',
    'DeepLinkTests: testOpensProduct | testOpensOrder | testIgnoresForeignHost | testKeepsCampaign',
    'KeychainTests: testSavesToken | testReadsTokenWhenLocked | testDeletesOnLogout | testMigratesOldToken',
    'PriceFormatterTests: testEuro | testSwissFranc | testYenHasNoDecimals | testRightToLeft',
    'AccessibilityTests: testLabels | testDynamicType | testReduceMotion | testContrast',
    'ImageCacheTests: testEvictsLeastRecentlyUsed | testHonoursMemoryWarning | testDecodesOffMain',
  ],
  {
    suite: (group) => `AcmeAppTests.${group}`,
    className: (group) => `AcmeAppTests.${group}`,
    file: (group) => `ios/AcmeAppTests/${group}.swift`,
    language: 'SWIFT',
    medianMs: 60,
  },
);

const uiTests = testsFrom(
  [
    'OnboardingUITests: testSwipesThroughPages | testSkipsOnboarding | testAsksForNotifications | testShowsTermsOnce',
    'CheckoutUITests: testBuysWithWallet | testBuysWithCard | testCancelsWallet | testKeepsCartInBackground',
    'ScanUITests: testScansFromCamera | testScansFromPhoto | testShowsTorch',
    'ReturnsUITests: testCreatesReturn | testShowsDropOffMap',
  ],
  {
    suite: () => 'AcmeAppUITests',
    className: (group) => `AcmeAppUITests.${group}`,
    file: (group) => `ios/AcmeAppUITests/${group}.swift`,
    language: 'SWIFT',
    medianMs: 11_500,
    behaviours: {
      'OnboardingUITests › testSwipesThroughPages': {
        kind: 'FLAKY',
        rate: 0.13,
        message: 'Failed to get matching snapshot: No matches found for "page-3" PageIndicator',
      },
    },
  },
);

const bazelTests = testsFrom(
  [
    'core: sync_engine_test | crypto_test | price_engine_test | json_codec_test | retry_policy_test',
    'protocol: golden_messages_test | backward_compat_test | fuzz_smoke_test',
    'tools: lint_rules_test | codegen_test | apk_size_test | license_test',
  ],
  {
    suite: (group) => `//shared/${group}`,
    className: () => '',
    file: (group) => `shared/${group}/BUILD.bazel`,
    language: 'BAZEL',
    medianMs: 7_200,
  },
);

/** An app for two platforms with a shared core, on Jenkins and Bazel. */
export const mobileApp: DemoProject = {
  repository: {
    owner: 'acme',
    name: 'mobile-app',
    provider: 'github',
    defaultBranch: 'main',
    url: 'https://git.example.com/acme/mobile-app',
  },
  source: 'jenkins',
  ciUrl: 'https://jenkins.example.com/job/mobile-app',
  failedStatus: 'UNSTABLE',
  share: 0.2,
  ticket: 'APP',
  topics: [
    'offline-sync',
    'wallet-passes',
    'barcode-gs1',
    'deep-links',
    'certificate-pins',
    'quiet-hours',
    'onboarding-pages',
    'image-cache',
    'kotlin-2.3',
    'returns-map',
  ],
  jobs: [
    {
      name: 'android-tests',
      trigger: 'PUSH',
      stages: [
        { name: 'Checkout', medianSeconds: 14 },
        { name: 'Assemble debug', compiles: true, medianSeconds: 155 },
        { name: 'Unit tests', medianSeconds: 20, runsTests: true },
        { name: 'Android lint', medianSeconds: 47 },
      ],
      tests: androidTests,
      workers: 2,
      retries: 0,
      agents: ['linux-xl-1', 'linux-xl-2'],
      agentLabels: ['android', 'linux'],
    },
    {
      name: 'ios-tests',
      trigger: 'PUSH',
      stages: [
        { name: 'Checkout', medianSeconds: 12 },
        { name: 'Resolve packages', medianSeconds: 38 },
        { name: 'Build for testing', compiles: true, medianSeconds: 190 },
        { name: 'Unit tests', medianSeconds: 15, runsTests: true },
      ],
      tests: iosTests,
      workers: 1,
      retries: 0,
      agents: ['mac-mini-01', 'mac-mini-02', 'mac-mini-03'],
      agentLabels: ['macos', 'xcode-26'],
    },
    {
      name: 'ui-tests',
      trigger: 'PUSH',
      stages: [
        { name: 'Checkout', medianSeconds: 12 },
        { name: 'Build', compiles: true, medianSeconds: 200 },
        { name: 'Boot simulators', medianSeconds: 42 },
        { name: 'UI tests', medianSeconds: 30, runsTests: true },
        { name: 'Collect screenshots', medianSeconds: 11 },
      ],
      tests: uiTests,
      workers: 2,
      retries: 1,
      agents: ['mac-mini-01', 'mac-mini-02', 'mac-mini-03'],
      agentLabels: ['macos', 'xcode-26', 'simulator'],
    },
    {
      name: 'nightly-bazel',
      trigger: 'NIGHTLY',
      stages: [
        { name: 'Checkout', medianSeconds: 15 },
        { name: 'Bazel build', compiles: true, medianSeconds: 240 },
        { name: 'Bazel test', medianSeconds: 25, runsTests: true },
        { name: 'Publish', medianSeconds: 35 },
      ],
      tests: bazelTests,
      workers: 4,
      retries: 1,
      agents: ['linux-xl-1', 'linux-xl-2'],
      agentLabels: ['bazel', 'linux'],
    },
  ],
};
