import { expect, test } from 'vitest';
import { hashPassword, verifyPassword } from '../../src/identity/password.ts';

test('hashes are computed beside the event loop: others are answered meanwhile, which the predecessor did not do', async () => {
  const passwordHash = await hashPassword('correct horse battery');
  for (const compute of [
    () => hashPassword('correct horse battery'),
    () => verifyPassword('correct horse battery', passwordHash),
    () => verifyPassword('correct horse battery', null),
  ]) {
    let answered = false;
    setImmediate(() => (answered = true));
    await compute();
    expect(answered).toBe(true);
  }
});
