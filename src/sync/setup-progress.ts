import type { Services } from '../operation/services.ts';

/** The parts of a guided setup, in their order. */
export const setupSteps = ['name', 'sign-in', 'source', 'tables', 'sync'] as const;

export type SetupStep = (typeof setupSteps)[number];

/** A part of the setup, and whether it is done. */
export interface SetupProgress {
  readonly step: SetupStep;
  readonly done: boolean;
  /** What is missing and what to do, in one sentence; null when it is done. */
  readonly todo: string | null;
}

/** How far this instance is set up, reckoned from what there is. */
export function setupProgress(services: Services): SetupProgress[] {
  return setupSteps.map((step) => {
    const todo = todos[step](services);
    return { step, done: todo === null, todo };
  });
}

const todos: { readonly [Step in SetupStep]: (services: Services) => string | null } = {
  name: ({ instanceSettings }) =>
    instanceSettings.faults[0]?.message ??
    (instanceSettings.isNamed ? null : 'The instance has no name of its own; give it one.'),
  'sign-in': ({ instanceSettings }) => {
    const closed = instanceSettings.providers().find(({ secretIsSet }) => !secretIsSet);
    return closed
      ? `The provider ${closed.id} lets nobody in before its secret ${closed.clientSecretEnv} is set.`
      : null;
  },
  source: ({ registry }) => (registry.sources().length > 0 ? null : 'There is no source; connect one.'),
  tables: ({ registry }) => (registry.tables().length > 0 ? null : 'No table is registered; register some.'),
  sync: ({ registry, generations }) => {
    const synced = registry.tables().some(({ id }) => generations.state(id)?.lastSyncAt);
    return synced ? null : 'No table has rows yet; sync a source.';
  },
};
