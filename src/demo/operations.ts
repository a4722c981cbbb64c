/** GraphQL of the demo: what any client would send. */
const problems = `
  ... on ValidationError { message }
  ... on ForbiddenError { message }`;

const notFound = `
  ... on NotFoundError { message }`;

const rejected = 'rejected { index name reason }';

const build = `
  recordBuild(input: $build) { __typename ${problems} }
  recordStages(input: $stages) { __typename ${problems} ${notFound} ... on RecordStagesPayload { ${rejected} } }`;

const results = `
  recordTestResults(input: $results) {
    __typename ${problems} ${notFound}
    ... on RecordTestResultsPayload { ${rejected} }
  }`;

export const recordBuildOperation = `
mutation DemoBuild($build: RecordBuildInput!, $stages: RecordStagesInput!) { ${build} }`;

export const recordResultsOperation = `
mutation DemoResults($results: RecordTestResultsInput!) { ${results} }`;

/** Mutations of one operation run one after the other, so the build is there when its results come. */
export const recordBuildWithResultsOperation = `
mutation DemoBuildWithResults(
  $build: RecordBuildInput!, $stages: RecordStagesInput!, $results: RecordTestResultsInput!
) { ${build} ${results} }`;

export const recordSubmissionOperation = `
mutation DemoSubmission($submission: RecordSubmissionInput!) {
  recordSubmission(input: $submission) {
    __typename ${problems} ${notFound}
    ... on RecordSubmissionPayload { submission { databaseId } }
  }
}`;

export const recordInvocationOperation = `
mutation DemoInvocation($invocation: RecordInvocationInput!) {
  recordInvocation(input: $invocation) { __typename ${problems} ... on RecordInvocationPayload { ${rejected} } }
}`;

export const findTestOperation = `
query FindTest($repository: String!, $name: String!) {
  testCases(first: 1, filter: { repository: $repository, name: $name }) { nodes { id } }
}`;

export const recordCodeownersOperation = `
mutation DemoCodeowners($codeowners: RecordCodeownersInput!) {
  recordCodeowners(input: $codeowners) { __typename ${problems} }
}`;

export const decideOperation = `
mutation DemoDecisions($prices: SetRunnerPricesInput!, $quarantine: QuarantineTestInput!, $tags: TagTestInput!) {
  setRunnerPrices(input: $prices) { __typename ${problems} }
  quarantineTest(input: $quarantine) { __typename ${problems} ${notFound} }
  tagTest(input: $tags) { __typename ${problems} ${notFound} }
}`;

export const findDemoOperation = `
query FindDemo($user: String!) {
  invocations(first: 1, filter: { user: $user }) { edges { node { status buildMetadata } } }
}`;
