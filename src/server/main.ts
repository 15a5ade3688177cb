import { parseArgs } from 'node:util';
import { ConfigurationError, readConfig, type Config } from '../kernel/config.ts';
import { createLog, type Log } from '../kernel/log.ts';
import { createSetupSecret, setupNeeded } from '../identity/setup.ts';
import { moveState, restoreBackup } from './bring-state.ts';
import { describeUpgrade } from './check-upgrade.ts';
import { exitWith } from './exit-with.ts';
import { startServer } from './start-server.ts';
import { stopOnSignals } from './stop-on-signals.ts';

try {
  const { restore, 'move-state': moveTo, 'check-upgrade': isCheck } = readOptions();
  const config = readConfig();
  const log = createLog(config.logLevel);
  if (restore !== undefined) await restoreBackup(restore, { config, log, tell });
  else if (moveTo !== undefined) await moveState(moveTo, { config, log, tell });
  else if (isCheck) process.stdout.write(await describeUpgrade(config));
  else await serve(config, log);
} catch (error) {
  exitWith(error);
}

/** What stands behind `npm start --`: one option, or none. */
function readOptions() {
  const values = parseOptions();
  if (Object.keys(values).length <= 1) return values;
  const given = Object.keys(values).map((name) => `--${name}`);
  throw new ConfigurationError(`${given.join(' and ')} are given, but only one can be done; nothing was done.`);
}

function parseOptions() {
  try {
    const text = { type: 'string' } as const;
    return parseArgs({ options: { restore: text, 'move-state': text, 'check-upgrade': { type: 'boolean' } } }).values;
  } catch (error) {
    throw new ConfigurationError(
      `${(error as Error).message} Known are --restore <backup>, --move-state <postgres URL> and --check-upgrade.`,
    );
  }
}

async function serve(config: Config, log: Log): Promise<void> {
  const server = await startServer({ config, log, onFatal: exitWith });
  stopOnSignals(server);
  tell(`Agnes listens on ${server.url}`);
  const { services } = server.open;
  services.statements.warm();
  if (setupNeeded(services)) {
    const secret = await createSetupSecret(services);
    tell(`Nobody administers it yet. Open this link once to make the first administrator:`);
    tell(`  ${server.url}/setup#${secret}`);
  }
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
