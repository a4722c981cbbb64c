import type { DemoRepository } from './project.ts';

/** One build of the demo with all that belongs to it, in the gateway's words. */
export interface DemoBuild {
  readonly build: BuildRecord;
  readonly stages: readonly StageRecord[];
  readonly results: readonly ResultRecord[];
  /** The upload that brought the results, when they came in one. */
  readonly submission: SubmissionRecord | null;
  /** The Bazel invocation that made the results, when there was one. */
  readonly invocation: InvocationRecord | null;
}

export interface BuildRecord {
  readonly id: string;
  readonly repository: DemoRepository;
  readonly jobName: string;
  readonly number: number;
  readonly status: 'SUCCESS' | 'FAILURE' | 'UNSTABLE' | 'ABORTED' | 'NOT_BUILT';
  readonly durationMs: number;
  readonly queueDurationMs: number;
  readonly startedAt: Date;
  readonly completedAt: Date;
  readonly branch: string;
  readonly commitSha: string;
  readonly treeSha: string;
  readonly pullRequest: number | null;
  readonly cause: string;
  readonly source: string;
  readonly url: string;
  readonly externalRunId: string;
  readonly attempt: number;
  readonly triggeredBy: string | null;
  readonly agentName: string;
  readonly agentLabels: readonly string[];
}

export interface StageRecord {
  readonly order: number;
  readonly name: string;
  readonly status: 'SUCCESS' | 'FAILURE' | 'UNSTABLE' | 'ABORTED' | 'SKIPPED';
  readonly durationMs: number | null;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
  readonly agentName: string;
}

export interface ResultRecord {
  readonly suite: string;
  readonly className: string;
  readonly name: string;
  readonly file: string;
  readonly status: 'PASSED' | 'FAILED' | 'ERRORED' | 'SKIPPED' | 'OTHER';
  readonly durationUs: number | null;
  readonly message: string | null;
  readonly stackTrace: string | null;
  readonly attempt: number;
  /** Absent, when the time of what the result belongs to says enough. */
  readonly recordedAt?: Date;
}

export interface SubmissionRecord {
  readonly repository: DemoRepository;
  readonly key: string;
  readonly buildId?: string;
  readonly branch: string;
  readonly commitSha: string;
  readonly treeSha?: string;
  readonly source: string;
  readonly status: 'PROCESSED' | 'FAILED';
  readonly failureReason?: string;
  readonly tags: readonly string[];
  readonly recordedAt: Date;
}

export interface InvocationRecord {
  readonly id: string;
  readonly repository: DemoRepository;
  readonly command: string;
  readonly patterns: readonly string[];
  readonly user: string;
  readonly host: string;
  readonly role: string;
  readonly status: 'COMPLETE';
  readonly success: boolean;
  readonly exitCode: string;
  readonly durationUs: number;
  readonly actionCount: number;
  readonly branch: string;
  readonly commitSha: string;
  readonly treeSha: string;
  readonly tags: readonly string[];
  readonly startedAt: Date;
  readonly targets: readonly TargetRecord[];
}

interface TargetRecord {
  readonly label: string;
  readonly ruleType: string;
  readonly status: 'PASSED' | 'FAILED' | 'FLAKY';
  readonly durationUs: number;
}
