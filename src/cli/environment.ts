import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** What `da` takes from the environment; an empty variable counts as none. */
export interface Environment {
  /** `DA_SERVER`. */
  readonly server: string | undefined;
  /** `DA_TOKEN`. */
  readonly token: string | undefined;
  /** Where `da` keeps its own files. */
  readonly configFolder: string;
  /** Whether the terminal cannot move its cursor, so that nothing may be drawn over. */
  readonly dumbTerminal: boolean;
  /** Whether `CI` or `DA_NO_UPDATE_CHECK` says that nobody wants to hear of updates. */
  readonly updatesUnwanted: boolean;
}

// Not in `src/kernel/config.ts`: that is the server's configuration, and loading its schema costs more than all of `da --help`.
/** Reads the environment of `da`. */
export function readEnvironment(variables: Record<string, string | undefined> = process.env): Environment {
  const configHome = variables['XDG_CONFIG_HOME'] ?? '';
  return {
    server: variables['DA_SERVER'] || undefined,
    token: variables['DA_TOKEN']?.trim() || undefined,
    configFolder: join(isAbsolute(configHome) ? configHome : join(homedir(), '.config'), 'agnes'),
    dumbTerminal: variables['TERM'] === 'dumb',
    updatesUnwanted: isOn(variables['CI']) || isOn(variables['DA_NO_UPDATE_CHECK']),
  };
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false', 'no'].includes(value.toLowerCase());
}
