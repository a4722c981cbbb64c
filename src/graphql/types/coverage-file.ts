import { builder } from '../builder.ts';
import { orderInput } from '../connection.ts';

export const CoverageFileRef = builder.prismaObject('CoverageFile', {
  fields: (t) => ({
    path: t.exposeString('path'),
    coveredLines: t.exposeInt('coveredLines'),
    coverableLines: t.exposeInt('coverableLines'),
    coverage: t.float({
      nullable: true,
      description: 'Covered over coverable lines, 0 to 1; null when no line could run.',
      resolve: ({ coveredLines, coverableLines }) =>
        coverableLines === 0 ? null : coveredLines / coverableLines,
    }),
  }),
});

export const CoverageFileConnection = builder.connectionObject(
  {
    type: CoverageFileRef,
    name: 'CoverageFileConnection',
    description: 'A page of covered source files.',
  },
  { name: 'CoverageFileEdge', description: 'A covered source file and its place in the list.' },
);

const order = orderInput('CoverageFileOrder', { PATH: 'Path.' });

/** Arguments of every list of covered source files. */
export const coverageFileList = { args: { order } };
