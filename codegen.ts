import type { CodegenConfig } from '@graphql-codegen/cli';

/** What our scalars look like in JSON. A scalar that is not listed here fails the generation. */
const scalars = {
  DateTime: 'string',
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

const config: CodegenConfig = {
  schema: 'schema.graphql',
  importExtension: '.ts',
  ignoreNoDocuments: true,
  generates: {
    'src/client/generated/': { ...typedDocuments, documents: 'src/client/operations/*.graphql' },
    'test/generated/': { ...typedDocuments, documents: ['test/**/*.ts', '!test/generated/**'] },
  },
};

export default config;
