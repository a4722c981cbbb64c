import { randomUUID } from 'node:crypto';
import type {
  Build,
  InputIssue,
  Invocation,
  RecordBuildInput,
  RecordInvocationInput,
  RecordStagesInput,
  RecordSubmissionInput,
  RecordTestResultsInput,
  Reject,
  Submission,
} from '../generated/graphql.ts';
import type { TestGateway } from '../support/start-gateway.ts';

/** An answer of one of the error types. */
export interface Refusal {
  readonly __typename: 'ValidationError' | 'NotFoundError' | 'ForbiddenError';
  readonly message: string;
  readonly issues?: readonly InputIssue[];
}

type Stored<Node> = Omit<Node, 'testResults' | 'stages' | 'targets' | 'submissions' | 'repository'>;

export interface RecordedBuild {
  readonly created: boolean;
  readonly build: Stored<Build>;
}

export interface RecordedStages {
  readonly build: { readonly databaseId: string };
  readonly accepted: number;
  readonly rejected: readonly Reject[];
}

export interface RecordedSubmission {
  readonly created: boolean;
  readonly submission: Stored<Submission>;
}

export interface RecordedInvocation {
  readonly created: boolean;
  readonly invocation: Stored<Invocation>;
  readonly rejected: readonly Reject[];
}

export interface RecordedResults {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly Reject[];
}

const rejected = 'rejected { index name path reason }';

const payloads = {
  recordBuild: `created build {
    id databaseId jobName jobDisplayName number status statusRaw durationMs queueDurationMs startedAt
    completedAt recordedAt branch commitSha treeSha pullRequest cause source instance url jobUrl
    externalRunId attempt triggeredBy agentName agentLabels createdAt updatedAt }`,
  recordStages: `build { databaseId } accepted ${rejected}`,
  recordSubmission: `created submission {
    id databaseId key buildUrl branch commitSha treeSha source status failureReason tags testResultCount
    recordedAt }`,
  recordInvocation: `created ${rejected} invocation {
    id databaseId command patterns user host role status success exitCode durationUs actionCount branch
    commitSha treeSha tags runId parentRunId buildMetadata recordedAt }`,
  recordTestResults: `accepted duplicates ${rejected}`,
};

interface Inputs {
  recordBuild: RecordBuildInput;
  recordStages: RecordStagesInput;
  recordSubmission: RecordSubmissionInput;
  recordInvocation: RecordInvocationInput;
  recordTestResults: RecordTestResultsInput;
}

type Verb = keyof Inputs;

function operationOf(verb: Verb): string {
  const type = `Record${verb.slice('record'.length)}`;
  return `mutation ($input: ${type}Input!) { answer: ${verb}(input: $input) {
    __typename ... on Error { message } ... on ValidationError { issues { path message } }
    ... on ${type}Payload { ${payloads[verb]} } } }`;
}

/** Sends what CI sends, through the GraphQL mutations of the gateway, with the key of one organization. */
export function ingestClient(gateway: TestGateway, key = gateway.key) {
  const send = async <Payload>(verb: Verb, input: object): Promise<Payload | Refusal> => {
    const { data, errors } = await gateway.graphql<{ answer: Payload | Refusal }>(
      operationOf(verb),
      { input },
      key,
    );
    if (data == null || errors !== undefined) throw new Error(JSON.stringify(errors));
    return data.answer;
  };

  /** Gives the payload, and fails when the input is refused. */
  const accept =
    <Name extends Verb, Payload extends object>(verb: Name) =>
    async (input: Inputs[Name]): Promise<Payload> => {
      const answer = await send<Payload>(verb, input);
      if ('message' in answer) throw new Error(JSON.stringify(answer));
      return answer;
    };

  return {
    build: accept<'recordBuild', RecordedBuild>('recordBuild'),
    stages: accept<'recordStages', RecordedStages>('recordStages'),
    submission: accept<'recordSubmission', RecordedSubmission>('recordSubmission'),
    invocation: accept<'recordInvocation', RecordedInvocation>('recordInvocation'),
    results: accept<'recordTestResults', RecordedResults>('recordTestResults'),

    /** Gives the error that the input is answered with, and fails when it is stored. */
    refusal: async <Name extends Verb>(verb: Name, input: Inputs[Name]): Promise<Refusal> => {
      const answer = await send<object>(verb, input);
      if ('message' in answer) return answer;
      throw new Error(`not refused: ${JSON.stringify(answer)}`);
    },
  };
}

export type IngestClient = ReturnType<typeof ingestClient>;

export const repository = { owner: 'acme', name: 'widgets' };

/** A finished build, with an id of its own unless another identity is given. */
export function aBuild(said: Partial<RecordBuildInput> = {}): RecordBuildInput {
  return { id: randomUUID(), repository, jobName: 'unit-tests', status: 'SUCCESS', ...said };
}

/** A submission with a key of its own. */
export function aSubmission(said: Partial<RecordSubmissionInput> = {}): RecordSubmissionInput {
  return { repository, key: `upload ${randomUUID()}`, ...said };
}

/** A finished Bazel invocation with an id of its own. */
export function anInvocation(said: Partial<RecordInvocationInput> = {}): RecordInvocationInput {
  return { id: randomUUID(), repository, status: 'COMPLETE', ...said };
}
