import { z } from 'zod';
import type { Connector, ExtractResult } from '../../connectors/contract.ts';

const answerShape = z.object({
  cursor: z.string().max(100_000).optional(),
  joins: z.enum(['replace', 'merge', 'append', 'partitions']).optional(),
  primaryKey: z.array(z.string()).optional(),
  columns: z.array(z.object({ name: z.string(), description: z.string().max(10_000) })).optional(),
  remote: z
    .object({
      type: z.string(),
      url: z.string(),
      tokenEnv: z.string().nullable(),
      schema: z.string(),
      table: z.string(),
    })
    .optional(),
  bytesBilled: z
    .string()
    .regex(/^[0-9]{1,18}$/)
    .optional(),
});

/** What an extraction answered; throws a plain `Error` when that is not of the contract, as code from elsewhere may do. */
export function readAnswer(connector: Connector, answer: unknown): ExtractResult {
  const parsed = answerShape.safeParse(answer ?? {});
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the answer'}: ${message}`);
  throw new Error(`The connector ${connector.kind} answered an extraction wrongly (${faults.join('; ')}); mend it.`);
}
