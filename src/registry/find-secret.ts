import { InvalidInputError } from '../kernel/errors.ts';
import type { Services } from '../operation/services.ts';
import { listSecrets, type Secret } from './secrets.ts';

/** The secret of this name that something here needs and that the file gives; otherwise an `InvalidInputError` that says why. */
export function demandKeptSecret(services: Services, name: string): Secret {
  const secrets = listSecrets(services);
  const secret = secrets.find((known) => known.name === name);
  if (!secret) {
    const known = secrets.map((each) => each.name);
    const those = known.length > 0 ? `there are: ${known.join(', ')}` : 'there is none yet';
    throw fault(`Nothing here needs a secret called ${JSON.stringify(name)}; ${those}.`);
  }
  if (secret.fixedByEnvironment) throw fault(`${name} is fixed by the environment; change it there.`);
  return secret;
}

function fault(message: string): InvalidInputError {
  return new InvalidInputError([{ path: 'name', message }]);
}
