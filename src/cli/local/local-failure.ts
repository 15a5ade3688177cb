import { Failure } from '../../kernel/errors.ts';
import { failed } from '../failure.ts';
import type { LocalDatabase } from './local-database.ts';

const engineError = /^[A-Z][A-Za-z ]*(Error|exception): /;
const unknownTable = /^Catalog Error: Table with name "?(.+?)"? does not exist/;
const mostNames = 20;

/** What went wrong with a local statement, with what may help; an error of ours is given back as it is. */
export function localFailure(error: unknown, { names }: Pick<LocalDatabase, 'names'>): unknown {
  if (error instanceof Failure) return failed(error.message);
  const message = error instanceof Error ? error.message : '';
  if (!engineError.test(message)) return error;
  const [, table] = unknownTable.exec(message) ?? [];
  if (table !== undefined) return failed(tableNotHere(table, names));
  if (message.startsWith('Out of Memory Error'))
    return failed('The statement needs more memory than there is; filter or aggregate earlier.');
  if (/^(Permission|Missing Extension) Error/.test(message))
    return failed(`${message.split('\n')[0]} A local statement reads this workspace and reaches nothing else.`);
  if (/ENOSPC|No space left/i.test(message)) return failed('The disk is full; make room and ask again.');
  return failed(message);
}

function tableNotHere(table: string, names: readonly string[]): string {
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more (\`da tables list --local\`)` : '';
  const here = names.length === 0 ? 'No table is here' : `Here are ${names.slice(0, mostNames).join(', ')}${more}`;
  return `The table ${table} is not here. ${here}; \`da sync\` brings what is new, and --remote asks the server.`;
}
