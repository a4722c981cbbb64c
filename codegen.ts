import type { CodegenConfig } from '@graphql-codegen/cli';

/** What our scalars look like in JSON. A scalar that is not listed here fails the generation. */
const scalars = {
  DateTime: 'string',
  File: 'File | Blob',
  JSONObject: 'Record<string, unknown>',
  SafeInt: 'number',
};

const typedDocuments = {
  preset: 'client',
  presetConfig: { fragmentMasking: false },
  config: {
    documentMode: 'string',
    enumsAsTypes: true,
    // An answer has every field that was asked for; only inputs may leave things out.
    avoidOptionals: { field: true, inputValue: false, object: false, defaultValue: false },
    scalars,
    skipTypename: true,
    strictScalars: true,
    useTypeImports: true,
  },
} as const;

/** The documents that the package ships. */
export const clientDocuments: CodegenConfig['generates'] = {
  'src/client/generated/': { ...typedDocuments, documents: 'src/client/operations/*.graphql' },
};

/** The documents in the tests: a test is a typed client too. */
export const testDocuments: CodegenConfig['generates'] = {
  'test/generated/': { ...typedDocuments, documents: ['test/**/*.ts', '!test/generated/**'] },
};

const config: CodegenConfig = {
  schema: 'schema.graphql',
  importExtension: '.ts',
  ignoreNoDocuments: true,
  generates: { ...clientDocuments, ...testDocuments },
};

export default config;
