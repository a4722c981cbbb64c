import {
  ConflictError,
  type DomainError,
  ForbiddenError,
  type InputIssue,
  NotFoundError,
  TooLargeError,
  ValidationError,
} from '../../errors.ts';
import { builder } from '../builder.ts';

const ErrorInterface = builder.interfaceRef<DomainError>('Error').implement({
  description: 'Something the caller can mend.',
  fields: (t) => ({
    message: t.exposeString('message', { description: 'What is wrong, for people.' }),
  }),
});

const InputIssueRef = builder.objectRef<InputIssue>('InputIssue').implement({
  description: 'One thing wrong with an input.',
  fields: (t) => ({
    path: t.stringList({
      description: 'Where it stands: keys and list positions from the arguments down.',
      resolve: ({ path }) => [...path],
    }),
    message: t.exposeString('message', { description: 'What is wrong there.' }),
  }),
});

builder.objectType(ValidationError, {
  name: 'ValidationError',
  description: 'The input breaks a rule. Nothing was stored.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    issues: t.field({
      type: [InputIssueRef],
      description: 'Everything wrong with the input.',
      resolve: ({ issues }) => [...issues],
    }),
  }),
});

builder.objectType(ForbiddenError, {
  name: 'ForbiddenError',
  description: 'The key is good, and lacks the capability for this.',
  interfaces: [ErrorInterface],
});

builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  description: 'What the input names is not there, or is not yours.',
  interfaces: [ErrorInterface],
});

builder.objectType(TooLargeError, {
  name: 'TooLargeError',
  description: 'What was sent is more than a limit allows; the message names it.',
  interfaces: [ErrorInterface],
});

builder.objectType(ConflictError, {
  name: 'ConflictError',
  description: 'The request contradicts what is stored.',
  interfaces: [ErrorInterface],
});
