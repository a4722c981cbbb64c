import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Syntax nobody may use. A list for one folder replaces the general one, so folders add to it. */
const forbidden = [
  {
    // Only a literal can be seen to say something, so nothing else is let through.
    selector:
      'Property[key.name="deprecationReason"]:not([value.type="Literal"][value.value=/\\S+\\s+\\S+/])',
    message: 'A deprecation states its reason: a string literal that says what to use instead.',
  },
];

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name, so that a thing has one name everywhere.',
};

const noEnvironment = {
  selector: 'MemberExpression[object.name="process"][property.name="env"]',
  message: 'src/config.ts reads and checks the environment, once. Take the value as an argument.',
};

const noDatabase = [
  'MemberExpression[property.name="db"]',
  'ObjectPattern > Property[key.name="db"]',
].map((selector) => ({
  selector,
  message: 'A shim translates and calls a verb; it never touches the database.',
}));

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', '.data/', '**/generated/', 'test/fixtures/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...forbidden, noDefaultExport],
      // `void` is how a forgotten `await` is hidden; an unawaited Prisma call never runs.
      'no-void': 'error',
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: false }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // An empty string is as good as none where text comes from reports and headers.
      '@typescript-eslint/prefer-nullish-coalescing': [
        'error',
        { ignorePrimitives: { string: true } },
      ],
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // Numbers read well in a template; everything else is spelled out.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `<Row extends object>(statement: Sql): Promise<Row[]>`: the caller's claim about its statement.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/config.ts'],
    rules: { 'no-restricted-syntax': ['error', ...forbidden, noDefaultExport, noEnvironment] },
  },
  {
    files: ['src/rest/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...forbidden,
        noDefaultExport,
        noEnvironment,
        ...noDatabase,
      ],
    },
  },
  {
    // Pothos refs and composition roots return what their literals are; saying it twice helps nobody.
    files: ['src/graphql/**/*.ts', 'src/gateway.ts', 'src/main.ts'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  {
    // Commands talk to a person on the terminal.
    files: ['src/cli/**/*.ts', 'src/main.ts', 'scripts/**/*.ts', 'bench/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // Helpers of tests and benchmarks return what the gateway's own types say, and tests take them
    // apart (`const { query, close } = …`): a method that lost its `this` fails its test at once.
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // Tools ask for a default export in their configuration.
    files: ['*.config.ts', 'codegen.ts'],
    rules: { 'no-restricted-syntax': ['error', ...forbidden] },
  },
);
