import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.ts';
import './relations/build.ts';
import './relations/coverage-report.ts';
import './relations/flaky-test.ts';
import './relations/invocation.ts';
import './relations/organization.ts';
import './relations/repository.ts';
import './relations/security-report.ts';
import './relations/stage.ts';
import './relations/submission.ts';
import './relations/test-case.ts';
import './relations/test-case-alias.ts';
import './relations/test-result.ts';
import './types/api-key.ts';
import './types/build-updated.ts';
import './types/errors.ts';
import './types/upload-coverage.ts';
import './types/upload-security-report.ts';
import './types/upload-test-reports.ts';
import './types/merge-test-cases.ts';
import './types/name-folding.ts';
import './types/viewer.ts';
import './types/organization.ts';

/** The whole schema, made of what the imports above registered. */
export const schema: GraphQLSchema = builder.toSchema();
