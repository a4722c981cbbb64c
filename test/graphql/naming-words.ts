/** What every mutation's answer is asked for: why it refuses. */
export const refusals = `__typename ... on Error { message } ... on ValidationError { issues { path message } }`;

/** What a mutation says to name things, in the argument that mutations have one of, and what it asks for. */
export type Said = { readonly selection: string } & (
  | { readonly input: object }
  | { readonly id: string }
  | { readonly endpointId: string }
  | { readonly deliveryId: string }
);

/** What a dataset's owner calls its things. */
export interface Names {
  readonly build: string;
  readonly buildUrl: string;
  readonly jobName: string;
  readonly submission: string;
  readonly invocation: string;
  readonly apiKey: string;
  readonly webhookSource: string;
  readonly webhookDelivery: string;
  readonly endpoint: string;
  readonly outgoingDelivery: string;
  readonly repositoryId: string;
  readonly repository: { readonly owner: string; readonly name: string };
  readonly testCase: string;
  readonly otherTestCase: string;
  readonly testResult: string;
  readonly key: string;
  readonly uuidRun: string;
  readonly otherRun: string;
}
