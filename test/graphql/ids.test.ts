import { expect, test } from 'vitest';
import { startGateway } from '../support/start-gateway.ts';
import { makeDataset, store } from './dataset.ts';
import { globalId } from './lists.ts';

test('an argument names a thing by its id, or its databaseId, in any letter case', async () => {
  const gateway = await startGateway();
  const dataset = makeDataset({ organizationId: gateway.organizationId, seed: 'ids' });
  await store(gateway.db, dataset);
  const submissionId = dataset.Submission[0]?.id ?? '';
  const operation = `mutation($id: ID!) { recordTestResults(input: {
    submissionId: $id, results: [{ name: "named", status: PASSED }] }) { __typename } }`;

  const ids = [submissionId, submissionId.toUpperCase()];
  for (const id of [...ids, ...ids.map((each) => globalId('Submission', each))]) {
    const { data } = await gateway.graphql(operation, { id });

    expect(data, id).toEqual({ recordTestResults: { __typename: 'RecordTestResultsPayload' } });
  }
});
