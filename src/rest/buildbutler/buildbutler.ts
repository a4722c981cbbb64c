import { createJsonReader } from '../read-json.ts';
import type { RestApp, RestServices } from '../services.ts';
import { addAgents } from './agents.ts';
import { addBuildLogs } from './build-logs.ts';
import { addBuilds } from './builds.ts';
import { addSecurityReports } from './security-reports.ts';
import { addStages } from './stages.ts';
import { addTests } from './tests.ts';

/** Mounts the ingest API of BuildButler under both of its prefixes (Contract: buildbutler.md 2). */
export function addBuildButler(rest: RestApp, services: RestServices): void {
  const ingest = { ...services, readJson: createJsonReader(services.uploads.spool) };
  addBuilds(rest, ingest);
  addStages(rest, ingest);
  addTests(rest, ingest);
  addAgents(rest, ingest);
  addBuildLogs(rest, services);
  addSecurityReports(rest, ingest);
}
