import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Else Vite loads graphql's ESM beside the CommonJS copy of our dependencies, and an error made
    // by one copy is a stranger to the other: Yoga masks what it should show.
    alias: [
      {
        find: /^graphql$/,
        replacement: createRequire(import.meta.url).resolve('graphql/index.js'),
      },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/clean-up-file.ts'],
    pool: 'forks',
    fileParallelism: true,
    // Files of a worker share what they import: loading the gateway for each took a third of the time. No file mocks
    // a module or changes a global.
    isolate: false,
    // The default leaves a core idle, which is half of a small CI machine.
    maxWorkers: '100%',
    sequence: { shuffle: true },
    // A process test on two busy cores starts Postgres and the gateway several times.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
