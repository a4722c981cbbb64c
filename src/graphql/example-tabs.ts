/** What GraphiQL opens with. Every one runs on the demo data as it stands. */
export const exampleTabs: readonly string[] = [
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
      }
      jobs(first: 3) { nodes { name statistics(window: { days: 30 }) { total { count successRate } } } }
    }
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
