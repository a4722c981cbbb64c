import type * as enums from '../../db/generated/prisma/enums.ts';
import { builder } from '../builder.ts';

type Described<Values> = Record<keyof Values, { description: string }>;

const running = {
  QUEUED: { description: 'Waits for an agent.' },
  IN_PROGRESS: { description: 'Runs, or waits for a person.' },
  SUCCESS: { description: 'All went well.' },
  FAILURE: { description: 'Something failed.' },
  UNSTABLE: { description: 'Ran through, with failing tests or failures that are allowed.' },
  ABORTED: { description: 'Cancelled or interrupted.' },
  OTHER: { description: 'A word this version does not know: see statusRaw.' },
} as const;

export const BuildStatusRef = builder.enumType('BuildStatus', {
  description: 'How a build ended, or that it has not.',
  values: {
    ...running,
    NOT_BUILT: { description: 'Skipped before it began.' },
  } satisfies Described<typeof enums.BuildStatus>,
});

export const StageStatusRef = builder.enumType('StageStatus', {
  description: 'How a stage ended, or that it has not.',
  values: {
    ...running,
    SKIPPED: { description: 'Not run, by rule or by choice.' },
  } satisfies Described<typeof enums.StageStatus>,
});

export const TestStatusRef = builder.enumType('TestStatus', {
  description: 'Outcome of one attempt of a test.',
  values: {
    PASSED: { description: 'All assertions held.' },
    FAILED: { description: 'An assertion failed.' },
    ERRORED: { description: 'The test broke outside of its assertions.' },
    SKIPPED: { description: 'Not run.' },
    OTHER: { description: 'A word this version does not know: see statusRaw.' },
  } satisfies Described<typeof enums.TestStatus>,
});

export const SubmissionKindRef = builder.enumType('SubmissionKind', {
  description: 'What an upload holds.',
  values: {
    TEST_RESULTS: { description: 'Test reports.' },
    COVERAGE: { description: 'Code coverage.' },
    SECURITY: { description: 'Findings of security scans.' },
  } satisfies Described<typeof enums.SubmissionKind>,
});

export const SubmissionStatusRef = builder.enumType('SubmissionStatus', {
  description: 'What became of an upload.',
  values: {
    PROCESSING: { description: 'It is being read.' },
    PROCESSED: { description: 'It was read: see testResultCount.' },
    FAILED: { description: 'It could not be read: see failureReason.' },
  } satisfies Described<typeof enums.SubmissionStatus>,
});

export const InvocationStatusRef = builder.enumType('InvocationStatus', {
  description: 'Where the event stream of a Bazel invocation stands.',
  values: {
    PARTIAL: { description: 'The stream is open.' },
    COMPLETE: { description: 'The build finished.' },
    DISCONNECTED: { description: 'The stream ended without the build finishing.' },
  } satisfies Described<typeof enums.InvocationStatus>,
});

export const TargetStatusRef = builder.enumType('TargetStatus', {
  description: 'What became of a Bazel target.',
  values: {
    BUILDING: { description: 'It is being built.' },
    BUILT: { description: 'It was built, and is no test or has not been tested yet.' },
    FAILED_TO_BUILD: { description: 'It could not be built.' },
    PASSED: { description: 'The test passed.' },
    FAILED: { description: 'The test failed.' },
    TIMED_OUT: { description: 'The test took longer than it may.' },
    FLAKY: { description: 'The test passed after failed attempts.' },
    CANCELLED: { description: 'It was given up.' },
    SKIPPED: { description: 'It was left out.' },
    INCOMPLETE: { description: 'It did not come to an end.' },
    TOOL_FAILED: { description: 'The remote execution failed.' },
    OTHER: { description: 'A word this version does not know.' },
  } satisfies Described<typeof enums.TargetStatus>,
});

export const FlakyStateRef = builder.enumType('FlakyState', {
  description: 'State of a test.',
  values: {
    HEALTHY: { description: 'No trouble now.' },
    FLAKY: { description: 'It passes and fails on the same code.' },
    BROKEN: {
      description:
        'It failed on several code states of a branch in a row with no pass since: three, unless `brokenStates` says otherwise.',
    },
    FIX_PENDING: { description: 'Somebody says it is fixed; not proven yet.' },
  } satisfies Described<typeof enums.FlakyState>,
});

export const EvidenceKindRef = builder.enumType('EvidenceKind', {
  description: 'What makes results evidence of flakiness.',
  values: {
    SAME_CODE_STATE: {
      description: 'It passed and failed on one code state, in runs of their own. Weighs 1.',
    },
    IN_RUN_RETRY: { description: 'It passed and failed within one build or upload. Weighs 1.' },
    SANDWICH: {
      description:
        'It failed once on a code state of the default branch, between two that passed. Weighs one half.',
    },
  } satisfies Described<typeof enums.EvidenceKind>,
});

export const EvidenceGuardRef = builder.enumType('EvidenceGuard', {
  description: 'Why a result is no evidence of flakiness.',
  values: {
    INFRASTRUCTURE_OUTAGE: {
      description: 'Nearly all of its suite failed in its upload, and the suite otherwise passes.',
    },
    CANCELLED_BUILD: { description: 'Its build was cancelled.' },
    EXCLUDED: { description: 'Somebody said so: see `exclusion`.' },
  } satisfies Described<typeof enums.EvidenceGuard>,
});

export const QuarantineModeRef = builder.enumType('QuarantineMode', {
  description: 'What runners are to do with a test.',
  values: {
    MUTE: { description: 'Run it, and do not let its failure fail the build.' },
    SKIP: { description: 'Do not run it.' },
    NEVER: { description: 'Nothing: the test is never in quarantine, not by the rule either.' },
  } satisfies Described<typeof enums.QuarantineMode>,
});

export const QuarantineChangeRef = builder.enumType('QuarantineChange', {
  description: 'What happened to a quarantine.',
  values: {
    CREATED: { description: 'It began.' },
    CHANGED: { description: 'Somebody decided otherwise.' },
    REMOVED: { description: 'Somebody ended it, or the rule that began it.' },
    EXPIRED: { description: 'Its time was over.' },
  } satisfies Described<typeof enums.QuarantineChange>,
});

export const DisruptorTypeRef = builder.enumType('DisruptorType', {
  description: 'By which rule a test disrupts builds.',
  values: {
    FLAKY: { description: 'There is evidence of flakiness.' },
    STATISTICAL: {
      description:
        'There is none, but it fails too often: at least 30 % of 10 or more results, unless the settings say otherwise.',
    },
  } satisfies Described<typeof enums.DisruptorType>,
});

export const TransitionRuleRef = builder.enumType('TransitionRule', {
  description: 'What changed the state of a test.',
  values: {
    EVIDENCE: { description: 'There is enough evidence of flakiness.' },
    FAILS_IN_A_ROW: { description: 'It failed on enough code states of a branch in a row.' },
    PASSED_AGAIN: { description: 'A broken test passed.' },
    QUIET: { description: 'There was no evidence for long enough.' },
    EVIDENCE_WITHDRAWN: { description: 'Evidence no longer counts, or is gone.' },
    FIX_ATTEMPTED: { description: 'Somebody said that it is fixed.' },
    FIX_VERIFIED: { description: 'It was clean on enough code states since.' },
    FIX_REFUTED: { description: 'It failed since.' },
    FIX_WITHDRAWN: { description: 'Somebody took back that it is fixed.' },
  } satisfies Described<typeof enums.TransitionRule>,
});

export const AgentStatusRef = builder.enumType('AgentStatus', {
  description: 'What a CI agent was last seen doing.',
  values: {
    ONLINE: { description: 'It waits for work.' },
    OFFLINE: { description: 'It cannot be reached.' },
    BUILDING: { description: 'It runs a job.' },
    UNKNOWN: { description: 'Nobody knows.' },
  } satisfies Described<typeof enums.AgentStatus>,
});

export const FindingSeverityRef = builder.enumType('FindingSeverity', {
  description: 'How bad a finding is.',
  values: {
    CRITICAL: { description: 'CVSS score from 9.' },
    HIGH: { description: 'CVSS score from 7, or an error.' },
    MEDIUM: { description: 'CVSS score from 4, or a warning.' },
    LOW: { description: 'CVSS score above 0, or a note.' },
    INFO: { description: 'No problem by itself, or a word this version does not know.' },
  } satisfies Described<typeof enums.FindingSeverity>,
});

export const WebhookProviderRef = builder.enumType('WebhookProvider', {
  description: 'A CI system that sends webhooks.',
  values: {
    GITHUB: { description: 'GitHub Actions.' },
    GITLAB: { description: 'GitLab CI/CD.' },
    BITBUCKET: { description: 'Bitbucket Cloud.' },
    BUILDKITE: { description: 'Buildkite.' },
    CIRCLECI: { description: 'CircleCI.' },
    AZURE: { description: 'Azure DevOps.' },
    JENKINS: { description: 'Jenkins, with its Notification plugin.' },
    TEAMCITY: { description: 'TeamCity.' },
  } satisfies Described<typeof enums.WebhookProvider>,
});

export const WebhookDeliveryStatusRef = builder.enumType('WebhookDeliveryStatus', {
  description: 'What became of a webhook.',
  values: {
    RECEIVED: { description: 'Waits to be read.' },
    PROCESSED: { description: 'What it says is stored.' },
    IGNORED: { description: 'Says nothing that is kept: see reason.' },
    FAILED: { description: 'Could not be read: see reason. It can be delivered again.' },
  } satisfies Described<typeof enums.WebhookDeliveryStatus>,
});

export const WebhookEventRef = builder.enumType('WebhookEvent', {
  description:
    'What an endpoint can be told of; in webhooks each goes by the name that is given here.',
  values: {
    FLAKY_TEST_STATE_CHANGED: {
      description:
        '`flaky_test.state_changed`: a test became healthy, flaky, broken, or waits for the proof of a fix.',
    },
    QUARANTINE_CREATED: {
      description: '`quarantine.created`: a test was put into quarantine.',
    },
    QUARANTINE_REMOVED: {
      description: '`quarantine.removed`: a test was taken out of quarantine.',
    },
    QUARANTINE_EXPIRED: {
      description: '`quarantine.expired`: the time of a quarantine was over.',
    },
  } satisfies Described<typeof enums.WebhookEvent>,
});

export const OutgoingMessageStatusRef = builder.enumType('OutgoingMessageStatus', {
  description: 'What becomes of a message to an endpoint.',
  values: {
    PENDING: { description: 'Waits to be sent, or to be sent once more.' },
    DELIVERED: { description: 'The endpoint took it.' },
    FAILED: { description: 'The endpoint did not take it, and it is not tried again.' },
  } satisfies Described<typeof enums.OutgoingMessageStatus>,
});
