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
    scalars,
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
