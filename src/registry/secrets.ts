import { issuerVariable, readProviderSecret } from '../identity/provider-secret.ts';
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
export function listSecrets(services: Services): Secret[] {
  const { instanceSettings, connectors, variables } = services;
  const needs = [
    ...instanceSettings.providers().map(({ id, clientSecretEnv }) => [clientSecretEnv, `provider ${id}`] as const),
    ...connectors.secrets().map(({ kind, name }) => [name, `connector ${kind}`] as const),
  ].filter(([name]) => !variables.isReserved(name));
  const names = [...new Set(needs.map(([name]) => name))].toSorted();
  return names.map((name) => ({
    name,
    ...stateOf(services, name),
    neededBy: needs.filter(([needed]) => needed === name).map(([, by]) => by),
  }));
}

function stateOf(services: Services, name: string): Pick<Secret, 'isSet' | 'fixedByEnvironment'> {
  const { variables } = services;
  const provider = providerOf(services, name);
  if (provider) return { isSet: readProviderSecret(variables, provider) !== undefined, fixedByEnvironment: false };
  return { isSet: variables.read(name) !== undefined, fixedByEnvironment: variables.isFixed(name) };
}

/** The lines to keep when this secret gets a value; null takes it out. A provider's goes with the issuer that it is for. */
export function linesOf(services: Services, name: string, value: string | null): Record<string, string | null> {
  const provider = providerOf(services, name);
  return { [name]: value, ...(provider && { [issuerVariable(name)]: value === null ? null : provider.issuer }) };
}

/** The provider that is set up in the program and has this secret. */
function providerOf({ instanceSettings }: Services, name: string) {
  return instanceSettings.providers().find((one) => one.fixedBy === null && one.clientSecretEnv === name);
}
