const DAY_MS = 86_400_000;

/** What GraphiQL opens with. Every one runs on the demo data as it stands; some compare days before `now`. */
export function exampleTabs(now: Date): readonly string[] {
  const daysAgo = (days: number): string => {
    const at = new Date(now.getTime() - days * DAY_MS);
    return `"${at.toISOString().slice(0, 10)}T00:00:00Z"`;
  };
  return [
    ...lists,
    `# Which tests take longer than a month ago, and which fail more: with the odds that it is chance.
query Comparisons {
  testDurationRegressions(
    repository: "acme/payments-api"
    base: { from: ${daysAgo(60)}, to: ${daysAgo(30)} }
    sample: { from: ${daysAgo(30)} }
  ) {
    totalCount
    regressions { baseMedianMs sampleMedianMs changePercent changePercentLower adjustedPValue testCase { className name } }
  }
  compareTests(
    repository: "acme/payments-api"
    base: { window: { from: ${daysAgo(60)}, to: ${daysAgo(30)} } }
    sample: { window: { from: ${daysAgo(30)} } }
    status: [REGRESSED, IMPROVED]
    first: 5
  ) {
    totalCount
    nodes { status passRateChange oddsRatio adjustedPValue testCase { className name } }
  }
}
`,
    ...examplesOfWrites,
  ];
}

const lists: readonly string[] = [
  `# The latest failed builds of main, with their stages and failing tests.
# Send your key under Headers: {"Authorization": "Bearer YOUR_KEY"}
query FailedBuilds {
  builds(first: 5, filter: { status: [FAILURE], branch: ["main"] }) {
    totalCount
    nodes {
      jobName
      number
      startedAt
      durationMs
      repository { fullName }
      stages { nodes { order name status durationMs } }
      testResults(first: 5, filter: { status: [FAILED, ERRORED] }) {
        totalCount
        nodes { message durationMs testCase { suite className name } }
      }
    }
  }
}
`,
  `# Which tests disrupt builds most in the last two weeks, how sure we are, and the results behind it.
query FlakyTests {
  flakyTests(first: 10, window: { days: 14 }, orderBy: { field: DISRUPTIVENESS, direction: DESC }) {
    totalCount
    nodes {
      state
      stateSince
      evidenceCount
      repository { fullName }
      testCase { suite className name file owners }
      scores(window: { days: 14 }) {
        disruptiveness
        flipRate
        failureRate
        flakeProbability { mean low high }
        buildsBroken
        resultTimeMs
      }
      evidence(first: 3) {
        nodes { kind codeState passedCount failedCount passedResult { recordedAt } failedResult { recordedAt message } }
      }
      transitions(first: 3) { nodes { at before after rule } }
      history(days: 14) { day passedCount failedCount }
      quarantine { mode reason expiresAt }
    }
  }
  analyticsLag { seconds pendingEvents }
}
`,
  `# How builds fared in 30 days, week by week, against the 30 days before.
query Statistics {
  repositories(first: 2, orderBy: { field: NAME, direction: ASC }) {
    nodes {
      fullName
      flakiness(window: { days: 30 }) { percent disruptedBuildCount buildCount flakyCount brokenCount }
      statistics(window: { days: 30 }, interval: WEEK, timeZone: "Europe/Berlin") {
        dataAvailableFrom
        total {
          count
          successRate
          meanTimeToRecoveryMs
          buildsPerDay
          durationPercentiles(percents: [50, 90]) { percent ms }
        }
        intervals { from to count successRate }
        change { count successRate meanDurationMs }
        cost { currency total wasted }
      }
      jobs(first: 3) { nodes { name statistics(window: { days: 30 }) { total { count successRate } } } }
    }
  }
}
`,
  `# Whose tests are flaky: owners by CODEOWNERS, tags, and what is in quarantine.
query Owners {
  repository(owner: "acme", name: "payments-api") {
    codeowners { path ruleCount problemCount }
    flakySettings { alarmDays recoverDays brokenStates quarantinePercent }
  }
  treasury: flakyTests(filter: { owner: "@acme/treasury" }) { totalCount nodes { state testCase { name file owners tags } } }
  quarantined: flakyTests(filter: { quarantined: true }) {
    nodes { testCase { name } quarantine { mode reason owner since expiresAt } transitions(first: 5) { nodes { at before after rule } } }
  }
}
`,
  `# Where the time of builds goes: the stages that take longest, and what a build waited for.
query Stages {
  stageStatistics(repository: "acme/payments-api", first: 5, window: { days: 30 }) {
    jobName
    name
    statistics { total { count meanDurationMs durationPercentiles(percents: [50, 95]) { percent ms } } }
  }
  builds(first: 1, filter: { repository: "acme/payments-api", status: [SUCCESS] }) {
    nodes { jobName number durationMs criticalPath { runMs waitMs steps { waitMs stage { name durationMs } } } }
  }
}
`,
  `# Where the time of tests goes, and which of them fail together.
query Tests {
  slowestTests(repository: "acme/payments-api", orderBy: TOTAL, first: 5) {
    nodes { totalMs p95Ms runCount testCase { className name } }
  }
  coFailureClusters(repository: "acme/payments-api", first: 5) {
    totalCount
    clusters { testCount buildCount signature tests { name } }
  }
}
`,
  `# One repository: its slowest builds, newest submissions and test cases.
query Repositories {
  repositories(orderBy: { field: NAME, direction: ASC }) {
    nodes {
      fullName
      defaultBranch
      builds(first: 3, orderBy: { field: DURATION, direction: DESC }) {
        totalCount
        nodes { jobName number durationMs status branch }
      }
      submissions(first: 3) { nodes { key status testResultCount recordedAt } }
      testCases(first: 3, orderBy: { field: NAME, direction: ASC }) {
        totalCount
        nodes { name results(first: 3) { nodes { status attempt recordedAt } } }
      }
    }
  }
}
`,
  `# Page through a list: pass endCursor as "after" to go on.
query BuildsPage($after: String) {
  builds(first: 10, after: $after, orderBy: { field: STARTED_AT, direction: DESC }) {
    edges { cursor node { id jobName number status startedAt branch commitSha } }
    pageInfo { hasNextPage hasPreviousPage endCursor }
  }
}
`,
  `# Bazel invocations with their targets.
query Invocations {
  invocations(first: 5) {
    totalCount
    nodes {
      databaseId
      command
      patterns
      status
      exitCode
      durationUs
      targets(first: 10) { nodes { label status durationUs } }
    }
  }
}
`,
];

const examplesOfWrites: readonly string[] = [
  `# Store a build and its stages. Run it twice: the second run updates the same build.
mutation RecordBuild {
  recordBuild(
    input: {
      externalRunId: "3f0c3a52-6a0e-4f53-9d0e-1c6e3f6f0a11"
      repository: { owner: "acme", name: "widgets" }
      jobName: "ci"
      number: 1
      status: SUCCESS
      durationMs: 61000
      startedAt: "2026-03-02T10:00:00Z"
      branch: "main"
      commitSha: "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"
    }
  ) {
    __typename
    ... on RecordBuildPayload { created build { id databaseId status updatedAt } }
    ... on ValidationError { issues { path message } }
    ... on ForbiddenError { message }
  }
}
`,
];
