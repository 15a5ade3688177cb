import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  type CompletionContext,
  type CompletionSource,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { keywordCompletionSource, PostgreSQL, schemaCompletionSource, SQLDialect } from '@codemirror/lang-sql';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { completeNames, namespaceOf } from './complete-names.ts';
import type { NamedTable } from './documents.ts';

/** So many that the list needs no scrolling; the arrow keys lead to the others. */
const shownCompletions = 10;

/** The words of a SELECT of DuckDB, without those that are rather names of columns. */
const dialect = SQLDialect.define({
  ...PostgreSQL.spec,
  keywords:
    'all and anti any as asc asof at between by case cast collate columns cross cube current desc distinct else end escape ' +
    'except exclude exists extract false fetch filter first following for from full group grouping having ilike in inner ' +
    'intersect interval is join last lateral left like limit materialized natural not null nulls offset on or order outer over ' +
    'partition pivot positional preceding qualify range recursive replace right rollup row rows sample select semi sets similar ' +
    'some tablesample then to true try_cast unbounded union unpivot using values when where window with within zone',
  types:
    'bigint bit blob boolean date decimal double float hugeint integer json smallint text time timestamp timestamptz tinyint ' +
    'ubigint uhugeint uinteger usmallint utinyint uuid varchar',
  builtin:
    'abs avg ceil coalesce concat contains count date_add date_diff date_part date_trunc dense_rank first_value floor greatest ' +
    'ifnull lag last_value lead least length lower max median min mode now nullif percent_rank quantile_cont rank ' +
    'regexp_extract regexp_matches regexp_replace round row_number split_part stddev strftime string_agg strptime substr sum ' +
    'trim unnest upper variance',
  caseInsensitiveIdentifiers: true,
});

const allKeywords = keywordCompletionSource(dialect, true);

/** Behind a dot, FROM and JOIN stand names only. */
function keywords(context: CompletionContext): ReturnType<CompletionSource> {
  return context.matchBefore(/(\.|\b(from|join)\s+)\w*/i) ? null : allKeywords(context);
}

/** Colours of the style sheet, which knows light and dark. */
const highlighting = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: 'var(--code-keyword)', fontWeight: '500' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-number)' },
  { tag: [tags.comment], color: 'var(--code-comment)', fontStyle: 'italic' },
  { tag: [tags.typeName, tags.standard(tags.name)], color: 'var(--code-type)' },
]);

const theme = EditorView.theme({
  '&': { backgroundColor: 'transparent', color: 'var(--mantine-color-text)', fontSize: '0.9rem' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    minHeight: '9rem',
    maxHeight: '24rem',
    fontFamily: 'var(--mantine-font-family-monospace)',
    lineHeight: '1.6',
  },
  '.cm-content': { padding: '0.625rem 0', caretColor: 'var(--mantine-color-text)' },
  '.cm-gutters': { backgroundColor: 'transparent', border: 'none', color: 'var(--mantine-color-dimmed)' },
  '.cm-placeholder': { color: 'var(--mantine-color-placeholder)' },
  '&.cm-focused .cm-matchingBracket, &.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'var(--agnes-selected)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--agnes-surface)',
    border: '1px solid var(--agnes-line)',
    borderRadius: 'var(--mantine-radius-sm)',
    boxShadow: 'var(--mantine-shadow-md)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    maxHeight: 'none',
    maxWidth: 'min(32rem, 90vw)',
    fontFamily: 'var(--mantine-font-family-monospace)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '0.2rem 0.625rem' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--agnes-selected)',
    color: 'var(--agnes-selected-text)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionDetail': {
    marginLeft: '1.5em',
    fontStyle: 'normal',
    opacity: '1',
    color: 'var(--mantine-color-dimmed)',
  },
  'li[aria-selected] .cm-completionDetail': { color: 'inherit' },
});

/** What the editor is made of, but for its language. Tab indents; Escape and then Tab leaves. */
export function editorSetup(contentAttributes: Record<string, string>): Extension {
  return [
    lineNumbers(),
    history(),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ icons: false, maxRenderedOptions: shownCompletions }),
    syntaxHighlighting(highlighting),
    theme,
    placeholder('SELECT …'),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({
      tabindex: '0',
      spellcheck: 'false',
      autocapitalize: 'off',
      ...contentAttributes,
    }),
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
  ];
}

/** DuckDB's SQL, with names of these tables and their columns to complete. */
export function sqlLanguage(tables: readonly NamedTable[]): Extension {
  const sources = [schemaCompletionSource({ dialect, schema: namespaceOf(tables) }), completeNames(tables), keywords];
  return [dialect.extension, sources.map((autocomplete) => dialect.language.data.of({ autocomplete }))];
}
