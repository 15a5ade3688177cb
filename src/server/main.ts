import { parseArgs } from 'node:util';
import { ConfigurationError, readConfig, type Config } from '../kernel/config.ts';
import { createLog, type Log } from '../kernel/log.ts';
import { createSetupSecret, setupNeeded } from '../identity/setup.ts';
import { moveState, restoreBackup } from './bring-state.ts';
import { exitWith } from './exit-with.ts';
import { startServer } from './start-server.ts';
import { stopOnSignals } from './stop-on-signals.ts';

try {
  const { restore, 'move-state': moveTo } = readOptions();
  const config = readConfig();
  const log = createLog(config.logLevel);
  if (restore !== undefined) await restoreBackup(restore, { config, log, tell });
  else if (moveTo !== undefined) await moveState(moveTo, { config, log, tell });
  else await serve(config, log);
} catch (error) {
  exitWith(error);
}

/** What stands behind `npm start --`. */
function readOptions() {
  try {
    return parseArgs({ options: { restore: { type: 'string' }, 'move-state': { type: 'string' } } }).values;
  } catch (error) {
    throw new ConfigurationError(
      `${(error as Error).message} Known are --restore <backup> and --move-state <postgres URL>.`,
    );
  }
}

async function serve(config: Config, log: Log): Promise<void> {
  const server = await startServer({ config, log, onFatal: exitWith });
  stopOnSignals(server);
  tell(`Agnes listens on ${server.url}`);
  const { services } = server.open;
  if (setupNeeded(services)) {
    const secret = await createSetupSecret(services);
    tell(`Nobody administers it yet. Open this link once to make the first administrator:`);
    tell(`  ${server.url}/setup#${secret}`);
  }
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
