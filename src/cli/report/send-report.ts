import {
  RecordBuildDocument,
  RecordCodeownersDocument,
  RecordStagesDocument,
} from '../../client/generated/graphql.ts';
import type { Gateway } from './connect.ts';
import { describeFailure, isFinal, payloadOf } from './describe-failure.ts';
import type { Report } from './describe-report.ts';
import { oneLine } from './one-line.ts';
import type { ReportFiles } from './report-files.ts';
import { emptyTally, type Tally } from './tally.ts';
import { type Upload, uploadsOf, type UploadOptions } from './uploads.ts';

export interface SendReport {
  readonly report: Report;
  readonly files: ReportFiles;
  readonly options: UploadOptions;
  /** The gateway, as messages call it. */
  readonly origin: string;
  readonly progress: (text: string) => void;
  /** Is told of each thing that went wrong. */
  readonly fail: (text: string) => void;
}

export interface SentReport {
  /** UUID of the build; undefined when it was not stored. */
  readonly buildId: string | undefined;
  readonly tally: Tally;
}

/**
 * Sends the build, the job, the owners, and the files: tests, coverage, security, logs. What is refused does not stop
 * the rest; when nobody answers, nothing more is tried.
 */
export async function sendReport(gateway: Gateway, sending: SendReport): Promise<SentReport> {
  const { report, origin, progress, fail } = sending;
  const tally = emptyTally();
  let buildId: string | undefined;
  const attempt = async (what: string, work: () => Promise<void>): Promise<boolean> => {
    progress(what);
    try {
      await work();
      return true;
    } catch (error) {
      fail(`${what}: ${describeFailure(error, origin)}`);
      return !isFinal(error);
    }
  };

  await attempt('build', async () => {
    buildId = await recordBuild(gateway, report);
  });
  if (buildId === undefined) return { buildId, tally };
  const steps = [
    ...stageOf(gateway, buildId, report),
    ...codeownersOf(gateway, report),
    ...uploadsOf(gateway, buildId, sending, tally),
  ];
  for (const { what, work } of steps) {
    if (!(await attempt(what, work))) break;
  }
  return { buildId, tally };
}

async function recordBuild(gateway: Gateway, { build }: Report): Promise<string> {
  const { recordBuild: answer } = await gateway.send((client, options) =>
    client.query(RecordBuildDocument, { input: build }, options),
  );
  return payloadOf(answer).build.databaseId;
}

function stageOf(gateway: Gateway, buildId: string, { stage }: Report): Upload[] {
  if (stage === undefined) return [];
  const work = async (): Promise<void> => {
    const { recordStages: answer } = await gateway.send((client, options) =>
      client.query(RecordStagesDocument, { input: { buildId, stages: [stage] } }, options),
    );
    const [reject] = payloadOf(answer).rejected;
    if (reject !== undefined) throw new Error(`${reject.path.join('.')} ${reject.reason}`);
  };
  return [{ what: `job ${oneLine(stage.name)}`, work }];
}

function codeownersOf(gateway: Gateway, { build: { repository }, codeowners }: Report): Upload[] {
  if (repository == null || codeowners === undefined) return [];
  const work = async (): Promise<void> => {
    const { recordCodeowners: answer } = await gateway.send((client, options) =>
      client.query(RecordCodeownersDocument, { input: { repository, ...codeowners } }, options),
    );
    payloadOf(answer);
  };
  return [{ what: oneLine(codeowners.path), work }];
}
