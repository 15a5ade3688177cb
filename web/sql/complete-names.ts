import type { Completion, CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete';
import type { SQLNamespace } from '@codemirror/lang-sql';
import type { NamedTable } from './documents.ts';

/** The tables as schemas of tables of columns, and aliases as tables. */
export function namespaceOf(tables: readonly NamedTable[]): SQLNamespace {
  const schemas: Record<string, Record<string, Completion[]>> = {};
  const aliases: Record<string, Completion[]> = {};
  for (const { sqlName, alias, columns } of tables) {
    const [schema = '', name = ''] = sqlName.split('.');
    const completions = columns.map(completeColumn);
    schemas[schema] = { ...schemas[schema], [name]: completions };
    if (alias !== null) aliases[alias] = completions;
  }
  return { ...aliases, ...schemas };
}

/** Completes whole names of tables, and the columns of those that the statement names, wherever a name may begin. */
export function completeNames(tables: readonly NamedTable[]): CompletionSource {
  const names = tables.map(completeTable);
  return (context: CompletionContext): CompletionResult | null => {
    const word = context.matchBefore(/[\w.]*/);
    const typed = word?.text ?? '';
    if (typed.includes('.') || (typed === '' && !context.explicit) || /^\d/.test(typed)) return null;
    const statement = context.state.doc.toString().toLowerCase();
    const columns = tables.filter((table) => isNamed(table, statement)).flatMap((table) => table.columns);
    return { from: word?.from ?? context.pos, options: [...names, ...uniqueByName(columns).map(completeColumn)] };
  };
}

/** Found by its name without its source, which people know; the name behind the source is completed too. */
function completeTable({ sqlName }: NamedTable): Completion {
  const label = sqlName.slice(sqlName.indexOf('.') + 1);
  return { label, displayLabel: sqlName, apply: sqlName, type: 'class', detail: 'table', boost: 1 };
}

/** Whether a statement, in lower case, has the name of this table in it. */
export function isNamed({ sqlName, alias }: Pick<NamedTable, 'sqlName' | 'alias'>, statement: string): boolean {
  return [sqlName, alias].some((name) => {
    if (name === null) return false;
    const at = statement.indexOf(name.toLowerCase());
    return at >= 0 && !/[\w.]/.test(statement.charAt(at - 1)) && !/\w/.test(statement.charAt(at + name.length));
  });
}

function completeColumn({ name, type }: NamedTable['columns'][number]): Completion {
  return {
    label: name,
    apply: quoteWhereNeeded(name),
    type: 'property',
    detail: type.length > 24 ? 'column' : type,
    boost: 2,
  };
}

/** A name as it may stand in a statement. */
export function quoteWhereNeeded(name: string): string {
  return /^[a-z_]\w*$/i.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function uniqueByName(columns: NamedTable['columns']): NamedTable['columns'] {
  return [...new Map(columns.map((column) => [column.name, column])).values()];
}
