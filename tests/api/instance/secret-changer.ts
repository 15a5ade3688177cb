// A process of its own, for tests to kill: opens what changes of secrets need of the instance in the folder of its first argument,
// gives the secret the value of its second or takes it away, and kills itself at the moment that its third names.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, join } from 'node:path';
import { systemPrincipal } from '../../../src/identity/authenticate.ts';
import { loadInstanceSettings } from '../../../src/identity/load-instance-settings.ts';
import { loadSecrets } from '../../../src/identity/load-secrets.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { createLog } from '../../../src/kernel/log.ts';
import { Variables } from '../../../src/kernel/variables.ts';
import { runOperation } from '../../../src/operation/define-operation.ts';
import type { Principal } from '../../../src/operation/principal.ts';
import type { Services } from '../../../src/operation/services.ts';
import { Connectors } from '../../../src/registry/connectors.ts';
import { removeSecret } from '../../../src/registry/remove-secret.ts';
import { setSecret } from '../../../src/registry/set-secret.ts';
import { openStore } from '../../../src/store/open-store.ts';

const [dataDir = '', value = '', moment = ''] = process.argv.slice(2);
const log = createLog('silent');
const clock = systemClock;
const store = await openStore({ dataDir, clock, log });
const file = join(dataDir, 'state/.env_overlay');
const variables = new Variables({ environment: {}, file, reserved: new Set() });
await loadSecrets(store, variables);
const fixed = { name: null, contact: null, allowedDomains: null, providers: [], fileHasProviders: false };
const services = {
  store,
  clock,
  log,
  variables,
  connectors: new Connectors([], () => undefined),
  instanceSettings: await loadInstanceSettings(store, { fixed, variables, log }),
  invariants: [],
  currentPrincipal: (principal: Principal) => principal,
} as unknown as Services;

killAt(moment);
const caller = { principal: systemPrincipal, requestId: 'test' };
const name = 'PARTNERS_CLIENT_SECRET';
if (value) await runOperation(setSecret, { input: { name, value }, caller, services });
else await runOperation(removeSecret, { input: { name }, caller, services });

/** A file is there once it is renamed: before and behind that are all the moments there are. */
function killAt(at: string): void {
  const rename = fs.renameSync;
  fs.renameSync = (from, to) => {
    const target = basename(String(to));
    if (at === `before ${target}`) process.kill(process.pid, 'SIGKILL');
    rename(from, to);
    if (at === `behind ${target}`) process.kill(process.pid, 'SIGKILL');
  };
  syncBuiltinESMExports();
}
