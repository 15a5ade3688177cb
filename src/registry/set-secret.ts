import { z } from 'zod';
import { secretTopic } from '../identity/load-instance-settings.ts';
import { newId } from '../kernel/ids.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { demandKeptSecret } from './find-secret.ts';
import { linesOf, type Secret } from './secrets.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'secret.set': { name: string };
  }
}

/**
 * Keeps the value of a secret that a provider or a connector of this instance names; it counts at once and is never told again.
 * It is prepared inside the transaction and decided by its commit, so that a process that ends at any moment has the value and
 * the audit row, or neither.
 */
export const setSecret = defineOperation({
  rule: { role: 'core.admin' },
  event: 'secret.set',
  input: z.strictObject({
    name: z.string(),
    value: z
      .string()
      .min(1, 'A secret is not empty.')
      .max(20_000, 'A secret has at most 20,000 characters.')
      .regex(/^[^\r\n]*$/, 'A secret is one line, without line breaks.'),
  }),
  async run({ tx, input, services, record }): Promise<Secret> {
    const { name, value } = input;
    const secret = demandKeptSecret(services, name);
    record({ resource: `secret:${name}`, details: { name } });
    const draft = newId();
    tx.emit(secretTopic, { name, draft });
    services.variables.prepare(draft, linesOf(services, name, value));
    return { ...secret, isSet: true };
  },
});
