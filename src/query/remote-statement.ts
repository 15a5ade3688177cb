import { z } from 'zod';

const longestStatementBytes = 100_000;

/** White space, comments and brackets, which may stand before the first word in every dialect of SQL. */
const beforeFirstWord = /^(?:\s|\(|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/;

/**
 * The text of one query in the source's own dialect. Only how it begins is looked at: what it may do is decided by the source, whose
 * connector asks it before anything runs.
 */
export const remoteStatement = z
  .string()
  .refine((text) => Buffer.byteLength(text) <= longestStatementBytes, `Use at most ${longestStatementBytes} bytes.`)
  .refine(
    (text) => /^(select|with)\b/i.test(text.replace(beforeFirstWord, '')),
    'A remote is one query: begin it with SELECT or WITH.',
  );
