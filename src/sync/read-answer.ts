import { z } from 'zod';
import type { Connector, ExtractResult } from '../../connectors/contract.ts';

const answerShape = z.object({
  cursor: z.string().max(100_000).optional(),
  joins: z.enum(['replace', 'merge', 'append', 'partitions']).optional(),
  primaryKey: z.array(z.string()).optional(),
});

/** What an extraction answered; throws a plain `Error` when that is not of the contract, as code from elsewhere may do. */
export function readAnswer(connector: Connector, answer: unknown): ExtractResult {
  const parsed = answerShape.safeParse(answer ?? {});
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the answer'}: ${message}`);
  throw new Error(`The connector ${connector.kind} answered an extraction wrongly (${faults.join('; ')}); mend it.`);
}
