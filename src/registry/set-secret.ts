import { z } from 'zod';
import { secretTopic } from '../identity/load-instance-settings.ts';
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
 * The file is written inside the transaction, as its last step: a process that ends between the two keeps the new value
 * without its audit row, and never loses a secret that stood there.
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
    tx.emit(secretTopic, { name });
    services.variables.keep(linesOf(services, name, value));
    return { ...secret, isSet: true };
  },
});
