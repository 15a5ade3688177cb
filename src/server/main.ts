import { readConfig } from '../kernel/config.ts';
import { createLog } from '../kernel/log.ts';
import { createSetupSecret, setupNeeded } from '../identity/setup.ts';
import { describeUpgrade } from './check-upgrade.ts';
import { exitWith } from './exit-with.ts';
import { startServer } from './start-server.ts';
import { stopOnSignals } from './stop-on-signals.ts';

try {
  const config = readConfig();
  if (process.argv.includes('--check-upgrade')) {
    process.stdout.write(await describeUpgrade(config));
    process.exit(0);
  }
  const server = await startServer({ config, log: createLog(config.logLevel), onFatal: exitWith });
  stopOnSignals(server);
  process.stdout.write(`Agnes listens on ${server.url}\n`);
  const { services } = server.open;
  if (setupNeeded(services)) {
    const secret = await createSetupSecret(services);
    process.stdout.write(`Nobody administers it yet. Open this link once to make the first administrator:\n`);
    process.stdout.write(`  ${server.url}/setup#${secret}\n`);
  }
} catch (error) {
  exitWith(error);
}
