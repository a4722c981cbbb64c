import { afterAll } from 'vitest';
import { cleanUpFile } from './test-database.ts';

// Run anew for each file, where a module that files of a worker share is run once.
afterAll(cleanUpFile);
