import { globalId } from './lists.ts';
import { type Names, refusals, type Said } from './naming-words.ts';

/** What mutations that decide about tests say to name things. */
export const triageNamings: Readonly<Record<string, (names: Names) => Said[]>> = {
  quarantineTest: ({ testCase }) =>
    [testCase, globalId('TestCase', testCase)].map((testCaseId) => ({
      input: { testCaseId, mode: 'SKIP', reason: 'mine', expiresAt: '2090-01-01T00:00:00Z' },
      selection: `${refusals} ... on QuarantineTestPayload { quarantine { mode reason testCase { name } } }`,
    })),
  unquarantineTest: ({ testCase }) =>
    [testCase, globalId('TestCase', testCase)].map((testCaseId) => ({
      input: { testCaseId },
      selection: `${refusals} ... on UnquarantineTestPayload { testCase { name } }`,
    })),
  markFixAttempted: ({ testCase }) =>
    [testCase, globalId('TestCase', testCase)].map((testCaseId) => ({
      input: { testCaseId, commitSha: 'c0ffee' },
      selection: `${refusals} ... on MarkFixAttemptedPayload { testCase { name fixAttempt { commitSha } } }`,
    })),
  withdrawFixAttempt: ({ testCase }) =>
    [testCase, globalId('TestCase', testCase)].map((testCaseId) => ({
      input: { testCaseId },
      selection: `${refusals} ... on WithdrawFixAttemptPayload { testCase { name fixAttempt { commitSha } } }`,
    })),
  tagTest: ({ testCase, otherTestCase }) =>
    [[testCase], [globalId('TestCase', testCase), otherTestCase]].map((testCaseIds) => ({
      input: { testCaseIds, tags: ['mine'] },
      selection: `${refusals} ... on TagTestPayload { testCases { name tags } }`,
    })),
  untagTest: ({ testCase, otherTestCase }) =>
    [[testCase], [globalId('TestCase', testCase), otherTestCase]].map((testCaseIds) => ({
      input: { testCaseIds, tags: ['mine'] },
      selection: `${refusals} ... on UntagTestPayload { testCases { name tags } }`,
    })),
  excludeResults: ({ testResult }) =>
    [testResult, globalId('TestResult', testResult)].map((id) => ({
      input: { resultIds: [id], reason: 'mine' },
      selection: `${refusals} ... on ExcludeResultsPayload { results { statusRaw guard exclusion { reason } } }`,
    })),
  includeResults: ({ testResult }) =>
    [testResult, globalId('TestResult', testResult)].map((id) => ({
      input: { resultIds: [id] },
      selection: `${refusals} ... on IncludeResultsPayload { results { statusRaw guard exclusion { reason } } }`,
    })),
  setFlakySettings: ({ repositoryId }) =>
    [repositoryId, globalId('Repository', repositoryId)].map((id) => ({
      input: { repositoryId: id, alarmDays: 7 },
      selection: `${refusals} ... on SetFlakySettingsPayload { repository { name flakySettings { alarmDays } } }`,
    })),
  // Labels are whatever agents have: there is nothing to be there.
  setRunnerPrices: () => [
    {
      input: { currency: 'EUR', prices: [{ label: 'linux', pricePerMinute: 1 }] },
      selection: `${refusals} ... on SetRunnerPricesPayload { prices { label } }`,
    },
  ],
};
