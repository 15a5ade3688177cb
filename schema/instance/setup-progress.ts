import { setupProgress, type SetupProgress } from '../../src/sync/setup-progress.ts';
import { builder } from '../builder.ts';
import { Instance } from './instance.ts';

const SetupStep = builder.enumType('SetupStep', {
  description: 'A part of the guided setup.',
  values: {
    NAME: { value: 'name', description: 'What the instance is called, and settings that can be used.' },
    SIGN_IN: { value: 'sign-in', description: 'Sign-in: every provider that is set up has its secret.' },
    SOURCE: { value: 'source', description: 'A source.' },
    TABLES: { value: 'tables', description: 'A registered table.' },
    SYNC: { value: 'sync', description: 'A table with rows.' },
  } as const,
});

const SetupProgressType = builder.objectRef<SetupProgress>('SetupProgress').implement({
  description: 'A part of the guided setup, and whether it is done; reckoned from what there is, and kept nowhere.',
  fields: (t) => ({
    step: t.expose('step', { type: SetupStep, description: 'Which part.' }),
    done: t.exposeBoolean('done', { description: 'Whether there is nothing left to do.' }),
    todo: t.exposeString('todo', {
      nullable: true,
      description: 'What is missing and what to do; null when it is done.',
    }),
  }),
});

const InstanceSetup = builder.objectRef<readonly SetupProgress[]>('InstanceSetup').implement({
  description: 'How far the instance is set up.',
  fields: (t) => ({
    complete: t.boolean({
      description: 'Whether every step is done.',
      resolve: (steps) => steps.every(({ done }) => done),
    }),
    steps: t.field({
      type: [SetupProgressType],
      description: 'Every step, in order.',
      resolve: (steps) => [...steps],
    }),
  }),
});

builder.objectField(Instance, 'setup', (t) =>
  t.field({
    type: InstanceSetup,
    nullable: true,
    description: 'How far the instance is set up; for administrators.',
    authScopes: { role: 'core.admin' },
    resolve: (_instance, _args, { services }) => setupProgress(services),
  }),
);
