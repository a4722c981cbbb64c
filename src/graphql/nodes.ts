import type { NodeModel } from '../analytics/rows.ts';
import { ValidationError } from '../errors.ts';
import type { GraphQLContext } from './context.ts';
import type { NodeId } from './node-id.ts';

const models: Readonly<Record<string, NodeModel>> = {
  Repository: 'Repository',
  Build: 'Build',
  BuildLog: 'BuildLog',
  Stage: 'Stage',
  Submission: 'Submission',
  Invocation: 'Invocation',
  TestCase: 'TestCase',
  TestResult: 'TestResult',
  FlakyTest: 'FlakyTest',
  Quarantine: 'Quarantine',
  QuarantineEvent: 'QuarantineEvent',
  Agent: 'Agent',
  CoverageReport: 'CoverageReport',
  SecurityReport: 'SecurityReport',
  WebhookSource: 'WebhookSource',
  WebhookDelivery: 'WebhookDelivery',
  WebhookEndpoint: 'WebhookEndpoint',
  OutgoingWebhookDelivery: 'OutgoingWebhookDelivery',
} satisfies Record<NodeModel, NodeModel>;

/** Finds one node; null for what is not there, not the tenant's, or of no type we know. */
export async function nodeOf(
  ctx: GraphQLContext,
  { typename, id }: NodeId,
): Promise<object | null> {
  const node = await load(ctx, typename, id);
  return node === null ? null : { ...node, __typename: typename };
}

/**
 * Finds many nodes, in their order; what is asked of all models is one statement.
 *
 * @throws {ValidationError} for more than 100
 */
export function nodesOf(ctx: GraphQLContext, ids: readonly NodeId[]): Promise<(object | null)[]> {
  if (ids.length > 100) {
    throw new ValidationError([
      {
        path: ['ids'],
        message: `must be at most 100, not ${String(ids.length)}; ask for the rest in another request`,
      },
    ]);
  }
  return Promise.all(ids.map((id) => nodeOf(ctx, id)));
}

async function load(ctx: GraphQLContext, typename: string, id: string): Promise<object | null> {
  if (typename === 'Organization') {
    const { organizationId } = ctx.tenant;
    return id === organizationId
      ? ctx.db.prisma.organization.findUnique({ where: { id: organizationId } })
      : null;
  }
  const model = Object.hasOwn(models, typename) ? models[typename] : undefined; // not __proto__
  return model === undefined ? null : ctx.loaders.row(model, id);
}
