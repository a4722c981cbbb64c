import { expect, test } from 'vitest';
import { withoutHandMade } from '../../scripts/schema-diff.ts';

test('a proposal to drop an index that Prisma did not name is left out', () => {
  const script = withoutHandMade(`-- DropIndex
DROP INDEX "builds_started";

-- DropIndex
DROP INDEX "builds_organization_id_number_idx";

-- AlterTable
ALTER TABLE "builds" ADD COLUMN     "color" TEXT;

-- DropIndex
DROP INDEX "stages_name";
`);

  expect(script).toBe(`-- DropIndex
DROP INDEX "builds_organization_id_number_idx";

-- AlterTable
ALTER TABLE "builds" ADD COLUMN     "color" TEXT;`);
});

test('nothing but such proposals is no difference', () => {
  expect(withoutHandMade('-- DropIndex\nDROP INDEX "stages_name";\n')).toBe('');
});
