import { GraphQLError, GraphQLScalarType } from 'graphql';
import type { SpooledFile } from '../blobs/spool.ts';

/** A file of a multipart request. A class, so that no JSON can pass for one. */
export class ReceivedUpload {
  readonly #file: SpooledFile;

  constructor(file: SpooledFile) {
    this.#file = file;
  }

  /** Hidden from whatever prints a value that is not of its type: the path is ours alone. */
  get file(): SpooledFile {
    return this.#file;
  }
}

/** The scalar of uploaded files: a value of a multipart request, never of JSON or of a document. */
export const FileScalar = new GraphQLScalarType<ReceivedUpload, never>({
  name: 'File',
  description:
    'A file, sent with a multipart request (graphql-multipart-request-spec): its variable is null in `operations`, and `map` says which part it is.',
  specifiedByURL: 'https://github.com/jaydenseric/graphql-multipart-request-spec',
  parseValue: (value) => {
    if (value instanceof ReceivedUpload) return value;
    throw new GraphQLError('must be a file of a multipart request, named in its "map"');
  },
  parseLiteral: () => {
    throw new GraphQLError('A file cannot stand in the document: send it as a variable.');
  },
  serialize: () => {
    throw new Error('files are never answered');
  },
});
