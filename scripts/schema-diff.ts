import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';
import { createCatalogAdapter } from './catalog-adapter.ts';
import { repository } from './run-tool.ts';

const SCHEMA = 'prisma/schema.prisma';

/**
 * Gives the SQL that turns the database into what `prisma/schema.prisma` says; empty when it is that.
 * What the migrations made by hand (see `withoutHandMade`) is left alone.
 */
export async function schemaDiff(databaseUrl: string): Promise<string> {
  await loadEngine();
  const content = await readFile(path.join(repository, SCHEMA), 'utf8');
  const files = [{ path: SCHEMA, content }];
  const adapter = createCatalogAdapter(databaseUrl);
  const engine = await engineModule.SchemaEngine.new(
    { datamodels: [[SCHEMA, content]] },
    () => undefined, // its log
    bindMigrationAwareSqlAdapterFactory(adapter),
  );
  const { stdout } = await engine.diff({
    from: { tag: 'schemaDatasource', files, configDir: 'prisma' },
    to: { tag: 'schemaDatamodel', files },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  engine.free();
  return withoutHandMade(stdout ?? '');
}

/**
 * Leaves out the proposals to drop an index that only the migrations know. Prisma names its own
 * `<table>_<columns>_idx` or `_key`; ours are named for the question they answer. Expression and partial
 * indexes, checks, functions and partitions it does not see, so it never proposes to drop them.
 */
export function withoutHandMade(script: string): string {
  const steps = script.split(/\n(?=-- [A-Z])/);
  return steps
    .filter((step) => !/^-- DropIndex\nDROP INDEX "(?!\w+_(idx|key)")\w+";\s*$/.test(step))
    .join('\n')
    .trim();
}

/** The engine is made for bundlers, so it is put together by hand. */
async function loadEngine(): Promise<void> {
  const glue = '@prisma/schema-engine-wasm/schema_engine_bg';
  const bytes = await readFile(new URL('schema_engine_bg.wasm', import.meta.resolve(glue)));
  const imports = { './schema_engine_bg.js': { ...engineModule } };
  const { instance } = await WebAssembly.instantiate(bytes, imports);
  engineModule.__wbg_set_wasm(instance.exports);
  // A panic of the engine is told to this global; without it the trap that follows says nothing.
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: console.error } });
  // The types of the package say so of its .wasm file; the compiler cannot see what that exports.
  (instance.exports['__wbindgen_start'] as () => void)();
}
