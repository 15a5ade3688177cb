import type { Services } from '../operation/services.ts';

/** A secret that something here needs. */
export interface Secret {
  readonly name: string;
  readonly isSet: boolean;
  /** Whether the environment gives it, which wins. */
  readonly fixedByEnvironment: boolean;
  /** What needs it, such as `provider partners` or `connector keboola`. */
  readonly neededBy: readonly string[];
}

/** The secrets that the providers and the connectors of this instance name, by name; their values are never told. */
export function listSecrets({ instanceSettings, connectors, variables }: Services): Secret[] {
  const needs = [
    ...instanceSettings.providers().map(({ id, clientSecretEnv }) => [clientSecretEnv, `provider ${id}`] as const),
    ...connectors.secrets().map(({ kind, name }) => [name, `connector ${kind}`] as const),
  ].filter(([name]) => !variables.isReserved(name));
  const names = [...new Set(needs.map(([name]) => name))].toSorted();
  return names.map((name) => ({
    name,
    isSet: variables.read(name) !== undefined,
    fixedByEnvironment: variables.isFixed(name),
    neededBy: needs.filter(([needed]) => needed === name).map(([, by]) => by),
  }));
}
