import { openSigningKeys } from '../../src/identity/signing-keys.ts';

const [folder = ''] = process.argv.slice(2);
const keys = openSigningKeys({ folder, dataDir: folder, now: new Date() });
process.stdout.write('open\n');
for (;;) {
  keys.add(new Date());
  keys.removeOlder();
}
