import { z } from 'zod';
import { secretTopic } from '../identity/load-instance-settings.ts';
import { newId } from '../kernel/ids.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { demandKeptSecret } from './find-secret.ts';
import { linesOf, type Secret } from './secrets.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'secret.removed': { name: string; wasSet: boolean };
  }
}

/**
 * Takes the value of a secret away, at once; a provider without its secret lets nobody in. One that the environment gives is
 * refused. The file changes with the commit, as by `setSecret`.
 */
export const removeSecret = defineOperation({
  rule: { role: 'core.admin' },
  event: 'secret.removed',
  input: z.strictObject({ name: z.string() }),
  async run({ tx, input: { name }, services, record }): Promise<Secret> {
    const secret = demandKeptSecret(services, name);
    record({ resource: `secret:${name}`, details: { name, wasSet: secret.isSet } });
    const draft = newId();
    tx.emit(secretTopic, { name, draft });
    services.variables.prepare(draft, linesOf(services, name, null));
    return { ...secret, isSet: false };
  },
});
