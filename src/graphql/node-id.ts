import { ValidationError } from '../errors.ts';

export interface NodeId {
  readonly typename: string;
  readonly id: string;
}

/** Takes a global id apart. Text that is none names nothing, so that `node` finds nothing. */
export function decodeNodeId(globalId: string): NodeId {
  const text = Buffer.from(globalId, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) return { typename: '', id: '' };
  return { typename: text.slice(0, colon), id: text.slice(colon + 1) };
}

const shapes = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  objectId: /^[0-9a-f]{24}$/i,
} as const;

const shapeOf = {
  Repository: shapes.uuid,
  Build: shapes.uuid,
  Invocation: shapes.uuid,
  Submission: shapes.objectId,
  TestCase: shapes.objectId,
  TestResult: shapes.objectId,
  WebhookSource: shapes.uuid,
  WebhookDelivery: shapes.uuid,
  WebhookEndpoint: shapes.uuid,
  OutgoingWebhookDelivery: shapes.uuid,
} as const;

/**
 * Gives the database id for an `ID` argument: the node's `id`, or its `databaseId` as it stands.
 *
 * @throws {ValidationError} if it is neither
 */
export function databaseId<Typename extends keyof typeof shapeOf>(
  typename: Typename,
  value: string,
  path: readonly string[],
): string {
  if (shapeOf[typename].test(value)) return value.toLowerCase();

  const decoded = decodeNodeId(value);
  const isOne = decoded.typename === typename && shapeOf[typename].test(decoded.id);
  if (isOne) return decoded.id.toLowerCase();
  throw new ValidationError([{ path, message: `is not the id of a ${typename}` }]);
}

/** Like `databaseId`, for an id that may be absent. */
export function optionalDatabaseId(
  typename: keyof typeof shapeOf,
  value: string | null | undefined,
  path: readonly string[],
): string | null {
  return value == null ? null : databaseId(typename, value, path);
}
