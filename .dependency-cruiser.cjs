// Who may import whom (CONTRIBUTING.md, "Layout"). No comment in the code can silence a rule.
const doors = 'graphql|rest|webhooks|grpc|mcp|cli';
const services = 'ingest|analytics|engine|triage|outgoing|identity|blobs|jobs';
const ground = 'domain|db|formats';
const libraries = 'hono|@hono|graphql|graphql-yoga|@graphql-yoga|@pothos|@connectrpc|dataloader';

const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

module.exports = {
  forbidden: [
    forbid('no-cycles', 'What needs each other belongs together.', {}, { circular: true }),
    forbid(
      'no-orphans',
      'Nothing imports this file: remove it, or make it an entry here and in knip.json.',
      { orphan: true, path: '^src/', pathNot: '^src/(main|client/index)\\.ts$|\\.d\\.ts$' },
      {},
    ),
    forbid(
      'no-missing',
      'The import leads nowhere.',
      {},
      // This one holds types alone, with no code to resolve.
      { couldNotResolve: true, pathNot: '^@graphql-typed-document-node/core$' },
    ),
    forbid(
      'doors-do-not-meet',
      'What two doors share is a service, or lies on the ground floor.',
      { path: `^src/(${doors})/` },
      { path: `^src/(${doors})/`, pathNot: '^src/$1/' },
    ),
    forbid(
      'shims-do-not-meet',
      'Each legacy system has a room of its own; what all share lies in src/rest/ itself.',
      { path: '^src/rest/([^/]+)/' },
      { path: '^src/rest/[^/]+/', pathNot: '^src/rest/$1/' },
    ),
    forbid(
      'services-do-not-look-up',
      'A service does not know who asks.',
      { path: `^src/(${services})/` },
      { path: `^src/(${doors}|gateway|main)` },
    ),
    forbid(
      'services-speak-no-transport',
      'Translating is the work of a door.',
      { path: `^src/(${services}|${ground})/` },
      { path: `node_modules/(${libraries})/` },
    ),
    forbid(
      'services-of-facts-do-not-meet',
      'Facts go one way: written by ingest/, taken in by engine/, decided on by triage/, read by analytics/.',
      { path: '^src/(ingest|analytics|engine|triage|outgoing)/' },
      { path: '^src/(ingest|analytics|engine|triage|outgoing)/', pathNot: '^src/$1/' },
    ),
    forbid(
      'ground-floor',
      'domain/, db/ and formats/ know nothing above them.',
      { path: `^src/(${ground})/` },
      { path: '^src/', pathNot: `^src/(${ground}|(error-code|errors|operator-error)\\.ts$)` },
    ),
    forbid(
      'client-stands-alone',
      'The client runs where the gateway does not.',
      { path: '^src/client/' },
      { path: '^src/', pathNot: '^src/client/' },
    ),
    forbid(
      'nobody-imports-an-entry',
      'main.ts starts a process when it is imported.',
      {},
      { path: '^src/main\\.ts$' },
    ),
    forbid(
      'src-stands-alone',
      'What runs for users does not need our tests and tools.',
      { path: '^src/' },
      { path: '^(test|scripts|bench)/' },
    ),
    forbid(
      'src-needs-dependencies',
      'A devDependency is not there where the package is installed.',
      { path: '^src/' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg'], dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    exclude: { path: '(^|/)generated/' },
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
};
