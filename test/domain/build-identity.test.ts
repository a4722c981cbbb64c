import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildIdentity, type BuildIdentityInput } from '../../src/domain/build-identity.ts';

const input = fc.record<BuildIdentityInput>({
  id: fc.option(fc.uuid()),
  externalRunId: fc.option(fc.oneof(fc.uuid(), fc.string())),
  source: fc.option(fc.string()),
  instance: fc.option(fc.string()),
  repositoryId: fc.option(fc.uuid()),
  jobName: fc.string(),
  number: fc.option(fc.nat()),
  startedAt: fc.option(fc.date({ noInvalidDate: true })),
});

const bare: BuildIdentityInput = { repositoryId: null, jobName: 'unit' };

test('an identity says what recognises the build, whatever was sent', () => {
  fc.assert(
    fc.property(input, (said) => {
      const identity = buildIdentity(said);

      const isNameless = said.id === null && said.externalRunId === null;
      const isTimeless = said.number === null && said.startedAt === null;
      expect(identity === null).toBe(isNameless && isTimeless);
      expect(identity?.id ?? null).toBe(said.id);
      expect(identity?.id ?? identity?.naturalKey ?? null).toEqual(
        identity === null ? null : expect.any(String),
      );
    }),
  );
});

test('letter case makes no difference to ids and to runs that are UUIDs', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.uuid(), (id, externalRunId) => {
      const upper = { id: id.toUpperCase(), externalRunId: externalRunId.toUpperCase() };

      expect(buildIdentity({ ...bare, ...upper })).toEqual(
        buildIdentity({ ...bare, id, externalRunId }),
      );
    }),
  );
});

test('a UUID run alone decides, whatever else is said', () => {
  fc.assert(
    fc.property(input, input, fc.uuid(), (one, other, externalRunId) => {
      const keys = [one, other].map(
        (said) => buildIdentity({ ...said, externalRunId })?.naturalKey,
      );

      expect(keys[0]).toBe(keys[1]);
    }),
  );
});

test('parts of a run do not run into each other', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string({ minLength: 1 }), (source, instance, cut) => {
      const one = buildIdentity({ ...bare, externalRunId: '1', source: source + cut, instance });
      const two = buildIdentity({ ...bare, externalRunId: '1', source, instance: cut + instance });

      expect(one?.naturalKey).not.toBe(two?.naturalKey);
    }),
  );
});

test('a start is told apart by instance, or by repository where there is none', () => {
  const [here, there] = ['a', 'b'];
  const keyOf = (place: Partial<BuildIdentityInput>) =>
    buildIdentity({ ...bare, number: 1, ...place })?.naturalKey;

  expect(keyOf({ instance: here })).toBe(keyOf({ instance: here, repositoryId: there }));
  expect(keyOf({ repositoryId: here })).not.toBe(keyOf({ repositoryId: there }));
  expect(keyOf({ instance: here })).not.toBe(keyOf({ instance: there }));
  expect(keyOf({ instance: here })).not.toBe(keyOf({ repositoryId: here }));
});

test('a number and a start that is not known differ from a start without a number', () => {
  const startedAt = new Date(0);

  const numbered = buildIdentity({ ...bare, number: 1 });
  const begun = buildIdentity({ ...bare, startedAt });
  const both = buildIdentity({ ...bare, number: 1, startedAt });

  expect(new Set([numbered, begun, both].map((each) => each?.naturalKey)).size).toBe(3);
});
