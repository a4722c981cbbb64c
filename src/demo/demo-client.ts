import { z } from 'zod';
import { createClient, type TypedDocument } from '../client/create-client.ts';
import { uuidOf } from './random.ts';
import { codeowners, quarantined, runnerPrices, tagged } from './decisions.ts';
import {
  decideOperation,
  findDemoOperation,
  findTestOperation,
  recordBuildOperation,
  recordBuildWithResultsOperation,
  recordCodeownersOperation,
  recordInvocationOperation,
  recordResultsOperation,
  recordSubmissionOperation,
} from './operations.ts';
import type { DemoBuild, ResultRecord, SubmissionRecord } from './records.ts';

/** The demo notes itself down as one invocation of this user: open while it writes, complete when all is there. */
const demoUser = 'buildatlas-demo';
const YEAR_MS = 365 * 86_400_000;
const MOST_ATTEMPTS = 3;
const demoId = uuidOf('buildatlas demo');

const owner = 'acme';

/** How far a demo has come, and the end of the history it writes. */
export interface DemoNote {
  readonly isComplete: boolean;
  readonly endsAt: Date;
}

/** What the demo says to the gateway. */
export interface DemoClient {
  /** Gives the note of the demo that this gateway has; null when it has none. */
  findNote(): Promise<DemoNote | null>;
  writeNote(note: DemoNote): Promise<void>;
  /** Sends a build with its stages, results, submission and invocation. */
  sendBuild(demoBuild: DemoBuild): Promise<void>;
  /** Sends an upload of reports with the attempts in it. */
  sendSubmission(submission: SubmissionRecord, results: readonly ResultRecord[]): Promise<void>;
  /** Sends what people decided by the end of the history; its tests have to be there. */
  sendDecisions(endsAt: Date): Promise<void>;
}

export interface DemoClientOptions {
  /** Address of the gateway's GraphQL. */
  readonly url: string;
  readonly apiKey: string;
  readonly signal: AbortSignal;
}

const Note = z.object({
  invocations: z.object({
    edges: z.array(
      z.object({
        node: z.object({
          status: z.string(),
          buildMetadata: z.object({ historyEndsAt: z.iso.datetime() }),
        }),
      }),
    ),
  }),
});

const Refusal = z.object({ __typename: z.string(), message: z.string() });
const Rejects = z.object({
  rejected: z.array(z.object({ index: z.number(), reason: z.string() })).min(1),
});
const RecordedSubmission = z.object({
  recordSubmission: z.object({ submission: z.object({ databaseId: z.string() }) }),
});

const FoundTest = z.object({
  testCases: z.object({ nodes: z.tuple([z.object({ id: z.string() })]) }),
});

/**
 * Makes a client that sends the demo through the gateway's own GraphQL.
 * Its methods throw when the gateway refuses anything: the demo's data is right, so that is a bug.
 */
export function createDemoClient({ url, apiKey, signal }: DemoClientOptions): DemoClient {
  const client = createClient({ url, apiKey });

  async function ask(operation: string, variables: object): Promise<unknown> {
    // The answer is parsed where it is used.
    const document = operation as unknown as TypedDocument<unknown, object>;
    const data = await retryLost(() => {
      // Between requests, not in them: fetch would leave a listener on the signal for each.
      signal.throwIfAborted();
      return client.query(document, variables);
    });
    refuseProblems(data);
    return data;
  }

  async function recordSubmission(submission: SubmissionRecord): Promise<string> {
    const data = RecordedSubmission.parse(await ask(recordSubmissionOperation, { submission }));
    return data.recordSubmission.submission.databaseId;
  }

  async function findTest({ repository, name }: { repository: string; name: string }) {
    const data = await ask(findTestOperation, { repository: `${owner}/${repository}`, name });
    return FoundTest.parse(data).testCases.nodes[0].id;
  }

  return {
    async findNote() {
      const data = Note.parse(await ask(findDemoOperation, { user: demoUser }));
      const [edge] = data.invocations.edges;
      if (edge === undefined) return null;
      const { status, buildMetadata } = edge.node;
      return {
        isComplete: status === 'COMPLETE',
        endsAt: new Date(buildMetadata.historyEndsAt),
      };
    },

    async writeNote({ isComplete, endsAt }) {
      const invocation = {
        id: demoId,
        command: 'demo',
        user: demoUser,
        status: isComplete ? 'COMPLETE' : 'PARTIAL',
        success: isComplete ? true : null,
        buildMetadata: [{ key: 'historyEndsAt', value: endsAt.toISOString() }],
        // Long ago, so that it does not stand first among the invocations.
        startedAt: new Date(endsAt.getTime() - YEAR_MS),
      };
      await ask(recordInvocationOperation, { invocation });
    },

    async sendBuild({ build, stages, results, submission, invocation }) {
      const target = { buildId: build.id };
      const variables = { build, stages: { ...target, stages } };
      if (submission === null && invocation === null && results.length > 0) {
        await ask(recordBuildWithResultsOperation, {
          ...variables,
          results: { ...target, results },
        });
        return;
      }
      await ask(recordBuildOperation, variables);
      const submissionId = submission === null ? null : await recordSubmission(submission);
      if (invocation !== null) await ask(recordInvocationOperation, { invocation });
      if (results.length === 0) return;
      const invocationId = invocation?.id ?? null;
      await ask(recordResultsOperation, {
        results: { ...target, submissionId, invocationId, results },
      });
    },

    async sendSubmission(submission, results) {
      const submissionId = await recordSubmission(submission);
      if (results.length > 0)
        await ask(recordResultsOperation, { results: { submissionId, results } });
    },

    async sendDecisions(endsAt) {
      for (const { repository: name, content } of codeowners) {
        await ask(recordCodeownersOperation, {
          codeowners: {
            repository: { owner, name },
            ...{ path: '.github/CODEOWNERS', content },
            recordedAt: new Date(endsAt.getTime() - YEAR_MS).toISOString(),
          },
        });
      }
      await ask(decideOperation, {
        prices: runnerPrices,
        quarantine: {
          testCaseId: await findTest(quarantined),
          mode: 'MUTE',
          reason: quarantined.reason,
        },
        tags: { testCaseIds: [await findTest(tagged)], tags: tagged.tags },
      });
    },
  };
}

/**
 * Sends again what got no answer. The gateway may close a connection that was idle just when it is used again, and whatever
 * the demo sends, sent twice is stored once.
 */
async function retryLost<Answer>(send: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      const isLost = error instanceof TypeError; // so fetch says that there was no answer
      if (!isLost || attempt >= MOST_ATTEMPTS) throw error;
    }
  }
}

function refuseProblems(data: unknown): void {
  for (const [field, answer] of Object.entries(z.record(z.string(), z.unknown()).parse(data))) {
    const refusal = Refusal.safeParse(answer);
    if (refusal.success) throw new Error(`${field} was refused: ${refusal.data.message}`);
    const rejects = Rejects.safeParse(answer);
    if (rejects.success) {
      throw new Error(`${field} left something out: ${JSON.stringify(rejects.data.rejected[0])}`);
    }
  }
}
