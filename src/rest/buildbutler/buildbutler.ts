import type { RestApp, RestServices } from '../services.ts';
import { addAgents } from './agents.ts';
import { addBuildLogs } from './build-logs.ts';
import { addBuilds } from './builds.ts';
import { addSecurityReports } from './security-reports.ts';
import { addStages } from './stages.ts';
import { addTests } from './tests.ts';

/** Mounts the ingest API of BuildButler under both of its prefixes (Contract: buildbutler.md 2). */
export function addBuildButler(rest: RestApp, services: RestServices): void {
  addBuilds(rest, services);
  addStages(rest, services);
  addTests(rest, services);
  addAgents(rest, services);
  addBuildLogs(rest, services);
  addSecurityReports(rest, services);
}
