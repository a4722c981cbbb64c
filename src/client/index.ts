export { createClient } from './create-client.ts';
export type { Client, ClientOptions, RequestOptions, TypedDocument } from './create-client.ts';
export { GraphQLRequestError, type ResponseError } from './request-error.ts';
export * from './generated/graphql.ts';
