import fc from 'fast-check';
import { expect, test } from 'vitest';
import { criticalPath, type TimedStage } from '../../src/domain/critical-path.ts';

const stage = (id: string, startedAt: number, endedAt: number): TimedStage => ({
  ...{ id, startedAt, endedAt },
});
const idsOf = (stages: readonly TimedStage[]) => criticalPath(stages, 0).map(({ id }) => id);

test.each([
  ['stages in a row', [stage('a', 0, 5), stage('b', 5, 9)], ['a', 'b']],
  ['the longer of two at once', [stage('a', 0, 5), stage('b', 0, 9)], ['b']],
  ['a wait', [stage('a', 0, 5), stage('b', 7, 9)], ['a', 'b']],
  [
    'stages in one that encloses them, though it ends later',
    [stage('all', 0, 105), stage('build', 0, 50), stage('test', 50, 100)],
    ['build', 'test'],
  ],
  [
    'two levels of enclosing stages',
    [
      stage('all', 0, 100),
      stage('tests', 50, 100),
      stage('build', 0, 50),
      stage('unit', 50, 80),
      stage('e2e', 80, 99),
    ],
    ['build', 'unit', 'e2e'],
  ],
  [
    'the longest of stages side by side, though two others would fit into it',
    [stage('e2e', 0, 100), stage('build', 1, 40), stage('test', 41, 60)],
    ['e2e'],
  ],
  [
    'a stage with two short ones in it',
    [stage('long', 0, 100), stage('a', 0, 5), stage('b', 6, 10)],
    ['long'],
  ],
  ['no stage that ends before it begins', [stage('odd', 9, 5), stage('a', 0, 4)], ['a']],
  ['nothing', [], []],
])('the critical path holds %s', (_what, stages, expected) => {
  expect(idsOf(stages)).toEqual(expected);
});

const stages = fc
  .array(fc.tuple(fc.nat(50), fc.nat(30)), { maxLength: 30 })
  .map((times) => times.map(([start, length], index) => stage(`s${index}`, start, start + length)));

test('steps follow each other, none before the build, and any order of stages gives the same', () => {
  fc.assert(
    fc.property(stages, fc.infiniteStream(fc.nat()), (all, keys) => {
      const path = criticalPath(all, 0);

      for (const [index, step] of path.entries()) {
        const before = path[index - 1]?.endedAt ?? 0;
        expect(step.startedAt).toBeGreaterThanOrEqual(before);
        expect(step.waitMs).toBe(step.startedAt - before);
      }
      expect(path.length > 0).toBe(all.length > 0);
      const shuffled = all
        .map((one) => ({ one, key: Number(keys.next().value) }))
        .sort((a, b) => a.key - b.key)
        .map(({ one }) => one);
      expect(criticalPath(shuffled, 0)).toEqual(path);
    }),
  );
});

test('of stages none of which encloses another, the path ends with the last', () => {
  const steps = fc.array(fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 9 })), { minLength: 1 });
  fc.assert(
    fc.property(steps, (all) => {
      let [start, end] = [0, 0];
      const stages = all.map(([later, longer], index) => {
        start = Math.min(start + later + 1, end + later);
        end = Math.max(end + longer, start + 1);
        return stage(`s${index}`, start, end);
      });

      expect(criticalPath(stages, 0).at(-1)?.endedAt).toBe(end);
    }),
  );
});

test('of stages that follow each other, all are on the path', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (lengths) => {
      let at = 0;
      const row = lengths.map((length, index) => {
        at += length;
        return stage(`s${index}`, at - length, at);
      });

      expect(criticalPath(row, 0).map(({ id }) => id)).toEqual(row.map(({ id }) => id));
    }),
  );
});
