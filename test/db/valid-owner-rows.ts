const digest = `\\x${'ab'.repeat(32)}`;

/** One row of each table about owners of code that breaks no rule. */
export function ownerRows(
  {
    organizationId,
    repositoryId,
    testCaseId,
  }: {
    readonly organizationId: string;
    readonly repositoryId: string;
    readonly testCaseId: string;
  },
  now: Date,
) {
  return {
    codeowners_files: {
      organizationId,
      digest,
      dialect: 'GITHUB',
      content: '* @acme/code',
      ruleCount: 1,
      problems: [],
      problemCount: 0,
    },
    codeowners_versions: {
      organizationId,
      id: '00000022-0000-4000-8000-000000000000',
      repositoryId,
      commitSha: 'c0ffee',
      digest,
      recordedAt: now,
    },
    test_owners: {
      organizationId,
      testCaseId,
      key: '@acme/code',
      owner: '@acme/Code',
      position: 0,
    },
    owner_sweeps: { organizationId, repositoryId },
    unowned_tests: { organizationId, repositoryId, testCaseId },
  };
}
