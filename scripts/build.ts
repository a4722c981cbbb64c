// npm run build: dist/, which npm start and the package's bin run. With --if-stale only when an input
// has changed since: that costs `npm start` a fraction of a second.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { repository, runTool } from './run-tool.ts';

const inputs = [
  'package-lock.json',
  'prisma/schema.prisma',
  'schema.graphql',
  'src',
  'tsconfig.build.json',
  'tsconfig.client.json',
  'tsconfig.json',
];
const dist = path.join(repository, 'dist');
const stamp = path.join(dist, '.inputs');

const before = digestOf(inputs);
const isFresh = existsSync(stamp) && readFileSync(stamp, 'utf8') === before;
if (!process.argv.includes('--if-stale') || !isFresh) build(before);

function build(digest: string): void {
  console.log('build: dist');
  runTool('tsx', ['scripts/generate.ts', 'prisma', 'client']);
  // Beside its place: a failed build leaves the old one, and nobody runs half of a new one.
  const half = `${dist}.new-${process.pid}`;
  try {
    runTool('tsc', ['-p', 'tsconfig.build.json', '--outDir', half]);
    runTool('tsc', ['-p', 'tsconfig.client.json', '--outDir', path.join(half, 'client')]);
    chmodSync(path.join(half, 'main.js'), 0o755);
    writeFileSync(path.join(half, '.inputs'), digest);
    rmSync(dist, { recursive: true, force: true });
    renameSync(half, dist);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}

function digestOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesOf)) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(path.join(repository, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Generated files follow from the rest. */
function filesOf(input: string): string[] {
  const absolute = path.join(repository, input);
  if (!existsSync(absolute)) return [];
  if (!statSync(absolute).isDirectory()) return [input];

  return readdirSync(absolute, { recursive: true, encoding: 'utf8' })
    .map((file) => path.join(input, file))
    .filter((file) => /\.(ts|graphql)$/.test(file))
    .filter((file) => !file.includes(`${path.sep}generated${path.sep}`))
    .sort();
}
