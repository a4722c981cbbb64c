import type { ReportFormat } from '../../client/generated/graphql.ts';

/** What the command line says; what is absent is found out. */
export interface ReportFlags {
  readonly junit?: readonly string[];
  readonly coverage?: readonly string[];
  readonly sarif?: readonly string[];
  readonly log?: readonly string[];
  readonly url?: string;
  readonly apiKey?: string;
  /** `owner/name` */
  readonly repository?: string;
  readonly branch?: string;
  readonly commit?: string;
  readonly cause?: string;
  readonly job?: string;
  readonly number?: number;
  readonly buildUrl?: string;
  readonly runId?: string;
  readonly stage?: string;
  readonly stageId?: string;
  readonly status?: string;
  readonly buildStatus?: string;
  readonly variant?: string;
  readonly variantFrom?: readonly string[];
  readonly format?: ReportFormat;
  readonly tag?: readonly string[];
  readonly dryRun?: true;
  readonly failOnError?: true;
  /** How often a request is repeated. */
  readonly retries: number;
  /** Seconds for all of it. */
  readonly timeout: number;
}
