import type { Connector, ConnectorContext } from '../../connectors/contract.ts';
import { InvalidInputError } from '../kernel/errors.ts';
import type { Source } from './source.ts';

declare module '../operation/services.ts' {
  interface Services {
    readonly connectors: Connectors;
  }
}

/** The connectors this instance has, by kind, and what of the environment they may read. */
export class Connectors {
  readonly #byKind: ReadonlyMap<string, Connector>;
  readonly #readEnv: (name: string) => string | undefined;

  constructor(connectors: readonly Connector[], readEnv: (name: string) => string | undefined) {
    this.#byKind = new Map(connectors.map((connector) => [connector.kind, connector]));
    this.#readEnv = readEnv;
  }

  /** The connector of this kind; throws an `InvalidInputError` that names those there are. */
  named(kind: string): Connector {
    const connector = this.#byKind.get(kind);
    if (connector) return connector;
    const kinds = [...this.#byKind.keys()].join(', ');
    throw new InvalidInputError([
      { path: 'connector', message: `There is no connector ${JSON.stringify(kind)}; there are: ${kinds}.` },
    ]);
  }

  /** What the source's connector may use: its configuration, and only the variables it declared, by name or by how they begin. */
  contextOf(source: Pick<Source, 'connector' | 'config'>, signal: AbortSignal): ConnectorContext<unknown> {
    const { environment, environmentPrefix } = this.named(source.connector);
    const isAllowed = (name: string) =>
      environment.includes(name) || (environmentPrefix !== undefined && name.startsWith(environmentPrefix));
    return {
      config: source.config,
      signal,
      readEnv: (name) => (isAllowed(name) ? this.#readEnv(name) : undefined),
    };
  }
}
