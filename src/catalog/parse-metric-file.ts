import {
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type YAMLMap,
} from 'yaml';
import { metricDefinition } from './metric-definition.ts';
import type { MetricFault } from './metric-fault.ts';
import { metricId, type MetricDefinition } from './metric.ts';
import { nearestWord } from './nearest-word.ts';

/** A file of metric definitions as somebody hands it in; `path` with `/` between its parts. */
export interface MetricFile {
  path: string;
  content: string;
}

/** A definition with the way back to the place in its file. */
export interface PlacedDefinition {
  definition: MetricDefinition;
  /** The fault with the place of the field, such as `['tables', 0]`, or of the whole definition. */
  faultAt(path: readonly PropertyKey[], message: string): MetricFault;
}

/** What one file says: the definitions without a fault, and every fault. */
export interface ParsedFile {
  definitions: PlacedDefinition[];
  faults: MetricFault[];
}

/** The largest file, in bytes. */
export const largestFileBytes = 1_000_000;

/** Parsing takes some 25 µs for each token, and nothing else happens meanwhile. */
const mostTokens = 20_000;
const mostEntries = 500;
const mostSyntaxFaults = 100;

const fieldOfKey: Readonly<Record<string, string>> = {
  name: 'name',
  display_name: 'displayName',
  category: 'category',
  type: 'type',
  unit: 'unit',
  description: 'description',
  expression: 'expression',
  time_column: 'timeColumn',
  grain: 'grain',
  table: 'table',
  table_name: 'table',
  tables: 'tables',
  dimensions: 'dimensions',
  filters: 'filters',
  synonyms: 'synonyms',
  notes: 'notes',
  sql: 'sql',
  validation: 'validation',
};
const keyOfField = Object.fromEntries(
  Object.entries(fieldOfKey)
    .filter(([key]) => key !== 'table_name')
    .map(([key, field]) => [field, key]),
);

/** Reads a file that holds one mapping or a list of mappings. A definition without category takes the folder's name. */
export function parseMetricFile({ path, content }: MetricFile): ParsedFile {
  const lines = new LineCounter();
  const faults: MetricFault[] = [];
  const faultFrom = (offset: number, message: string, id: string | null = null): MetricFault => {
    const { line, col } = lines.linePos(Math.min(Math.max(offset, 0), content.length));
    return { file: path, line: Math.max(line, 1), column: Math.max(col, 1), metricId: id, message };
  };
  if (Buffer.byteLength(content) > largestFileBytes) {
    return { definitions: [], faults: [faultFrom(0, 'The file has more than 1,000,000 bytes; split it.')] };
  }
  if (countTokens(content) > mostTokens) {
    return { definitions: [], faults: [faultFrom(0, 'The file holds too many keys, values and comments; split it.')] };
  }
  const document = readDocument(content, lines);
  if (document === null) return { definitions: [], faults: [faultFrom(0, nestedTooDeeply)] };
  for (const { offset, message } of findSyntaxFaults(document)) faults.push(faultFrom(offset, message));
  if (faults.length > 0) return { definitions: [], faults: faults.slice(0, mostSyntaxFaults) };

  const entries = isSeq(document.contents) ? (document.contents.items as Node[]) : [document.contents as Node | null];
  if (entries.length === 0 || entries[0] === null || (isScalar(entries[0]) && entries[0].value === null)) {
    return { definitions: [], faults: [faultFrom(0, 'The file holds no metric; write a mapping with name and sql.')] };
  }
  if (entries.length > mostEntries) {
    return { definitions: [], faults: [faultFrom(0, `A file holds ${mostEntries} metrics at most; split it.`)] };
  }
  const definitions: PlacedDefinition[] = [];
  for (const entry of entries) {
    if (isMap(entry)) readEntry(entry);
    else faults.push(faultFrom(offsetOf(entry), 'A metric is a mapping of keys such as name and sql.'));
  }
  return { definitions, faults };

  function readEntry(entry: YAMLMap): void {
    const { raw, nodes, keyFaults } = readKeys(entry, document!);
    raw['category'] ??= categoryFrom(path);
    const { category, name } = raw;
    const id = typeof category === 'string' && typeof name === 'string' ? metricId({ category, name }) : null;
    const placed = (at: readonly PropertyKey[], message: string): MetricFault => {
      const node = nodeAt(nodes, at);
      if (node) return faultFrom(offsetOf(node), message, id);
      const key = keyOfField[String(at[0])];
      return faultFrom(offsetOf(entry), key ? `${key}: ${message}` : message, id);
    };
    faults.push(...keyFaults.map(({ node, message }) => faultFrom(offsetOf(node), message, id)));
    const parsed = metricDefinition.safeParse(raw);
    if (parsed.success && keyFaults.length === 0) definitions.push({ definition: parsed.data, faultAt: placed });
    if (!parsed.success) for (const issue of parsed.error.issues) faults.push(placed(issue.path, issue.message));
  }
}

/** Null when the file is nested too deeply to be read. */
function readDocument(content: string, lineCounter: LineCounter): Document.Parsed | null {
  try {
    return parseDocument(content, {
      lineCounter,
      prettyErrors: false,
      logLevel: 'error',
      schema: 'core',
      merge: false,
      // The package compares each key with each other; `findSyntaxFaults` does it in one pass.
      uniqueKeys: false,
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const nestedTooDeeply = 'The file is nested too deeply; write it flatter.';

function countTokens(content: string): number {
  let count = 0;
  for (const _ of new Lexer().lex(content)) if ((count += 1) > mostTokens) break;
  return count;
}

function findSyntaxFaults(document: Document.Parsed): { offset: number; message: string }[] {
  const faults = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    offset: pos[0],
    message: /call stack/.test(message) ? nestedTooDeeply : `${message.replace(/\.$/, '')}.`,
  }));
  if (faults.length > 0) return faults;
  visit(document, {
    Alias: (_key, node) => {
      faults.push({ offset: offsetOf(node), message: 'Aliases are not supported; write the value out.' });
    },
    Map: (_key, { items }) => {
      const keys = new Set<unknown>();
      for (const { key } of items) {
        const name = isScalar(key) ? key.value : key;
        if (keys.has(name)) {
          const message = `The key ${JSON.stringify(name)} stands here twice; keep one.`;
          faults.push({ offset: offsetOf(key as Node), message });
        }
        keys.add(name);
      }
    },
  });
  return faults;
}

interface ReadKeys {
  raw: Record<string, unknown>;
  /** The value's node by the name of its field; for variants a list. */
  nodes: Map<string, Node | Node[]>;
  keyFaults: { node: Node; message: string }[];
}

function readKeys(entry: YAMLMap, document: Document.Parsed): ReadKeys {
  const raw: Record<string, unknown> = {};
  const nodes = new Map<string, Node | Node[]>();
  const keyFaults: ReadKeys['keyFaults'] = [];
  const variants: { name: string; sql: unknown }[] = [];
  const variantNodes: Node[] = [];
  for (const pair of entry.items) {
    const keyNode = pair.key as Node;
    const key = isScalar(keyNode) ? String(keyNode.value) : '';
    const valueNode = (pair.value ?? keyNode) as Node;
    const value = pair.value === null ? null : (valueNode.toJS(document) as unknown);
    const field = Object.hasOwn(fieldOfKey, key) ? fieldOfKey[key] : undefined;
    if (key.startsWith('sql_by_')) {
      variants.push({ name: key.slice('sql_'.length), sql: value });
      variantNodes.push(valueNode);
    } else if (field === undefined) {
      keyFaults.push({ node: keyNode, message: unknownKey(key) });
    } else if (nodes.has(field)) {
      keyFaults.push({ node: keyNode, message: 'table and table_name mean the same; keep one.' });
    } else {
      nodes.set(field, valueNode);
      raw[field] = value;
    }
  }
  if (variants.length > 0) {
    raw['sqlVariants'] = variants;
    nodes.set('sqlVariants', variantNodes);
  }
  return { raw, nodes, keyFaults };
}

function unknownKey(key: string): string {
  const nearest = nearestWord(key, Object.keys(fieldOfKey));
  const known = `Known are ${Object.keys(fieldOfKey).join(', ')} and sql_by_….`;
  return `There is no key ${JSON.stringify(key.slice(0, 100))}. ${nearest ? `Did you mean ${nearest}?` : known}`;
}

function nodeAt(nodes: ReadKeys['nodes'], [field, index]: readonly PropertyKey[]): Node | undefined {
  const node = nodes.get(String(field));
  if (Array.isArray(node)) return node[Number(index ?? 0)];
  if (isSeq(node) && typeof index === 'number') return (node.items[index] as Node | undefined) ?? node;
  return node;
}

function offsetOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

function categoryFrom(path: string): string | undefined {
  return path.split(/[/\\]/).at(-2);
}
