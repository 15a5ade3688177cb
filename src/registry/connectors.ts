import type { Connector, ConnectorContext } from '../../connectors/contract.ts';
import { sleep, systemClock, type Clock } from '../kernel/clock.ts';
import { configKeys } from '../kernel/config.ts';
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
  readonly #clock: Clock;

  constructor(
    connectors: readonly Connector[],
    readEnv: (name: string) => string | undefined,
    clock: Clock = systemClock,
  ) {
    this.#clock = clock;
    this.#byKind = new Map(connectors.map((connector) => [connector.kind, connector]));
    this.#readEnv = readEnv;
  }

  /** Every connector, by kind. */
  all(): Connector[] {
    return [...this.#byKind.values()].toSorted((one, other) => (one.kind < other.kind ? -1 : 1));
  }

  /** The secrets that connectors may read and administrators may set. */
  secrets(): { kind: string; name: string }[] {
    return this.all().flatMap(({ kind, environment, secrets = [] }) =>
      secrets.filter((name) => environment.includes(name)).map((name) => ({ kind, name })),
    );
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

  /** How statements run at sources of this kind; undefined where they do not, or there is no such connector. */
  statementsOf(kind: string): Connector['statements'] {
    return this.#byKind.get(kind)?.statements;
  }

  /** What the source's connector may use: its configuration, and only the variables it declared. */
  contextOf(source: Pick<Source, 'connector' | 'config'>, signal: AbortSignal): ConnectorContext<unknown> {
    const { environment, environmentPrefix } = this.named(source.connector);
    const isDeclared = (name: string) =>
      environment.includes(name) || (environmentPrefix !== undefined && name.startsWith(environmentPrefix));
    return {
      config: source.config,
      signal,
      pause: (seconds, until) => sleep(this.#clock, seconds, until),
      readEnv: (name) => (isDeclared(name) && !Object.hasOwn(configKeys, name) ? this.#readEnv(name) : undefined),
    };
  }
}
