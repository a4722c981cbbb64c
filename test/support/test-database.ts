import { inject, onTestFinished, TestRunner } from 'vitest';
import { createDatabase, type Database, type DatabaseOptions } from '../../src/db/client.ts';
import { newDatabaseName, onServer, urlOf } from './template-database.ts';

const ofFile: (() => Promise<void>)[] = [];

/** Ends what a `beforeAll` of the file began. */
export async function cleanUpFile(): Promise<void> {
  for (const clean of ofFile.splice(0).reverse()) await clean();
}

/** Runs after the test that asks, or after the file when a `beforeAll` does; last asked, first run. */
export function cleanUp(clean: () => Promise<void>): void {
  const test: unknown = TestRunner.getCurrentTest();
  if (test === undefined) ofFile.push(clean);
  else onTestFinished(clean);
}

/** Makes an empty database on the run's server; gives its URL. */
export async function emptyDatabase(): Promise<string> {
  return newDatabase('template0');
}

/** Opens a migrated database without rows, dropped after the test. */
export async function testDatabase(options?: DatabaseOptions): Promise<Database> {
  const url = await newDatabase(inject('templateName'));
  const db = createDatabase(url, options);
  cleanUp(() => db.close());
  return db;
}

/** A migrated database without rows; gives its URL. */
export async function migratedDatabase(): Promise<string> {
  return newDatabase(inject('templateName'));
}

async function newDatabase(template: string): Promise<string> {
  const serverUrl = inject('serverUrl');
  const name = newDatabaseName();
  await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  cleanUp(() => onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  return urlOf(serverUrl, name);
}
