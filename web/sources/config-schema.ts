/** A field of a connector's configuration that a form can ask for. */
export interface ConfigField {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'boolean' | 'choice' | 'json';
  readonly description: string | undefined;
  readonly required: boolean;
  readonly choices: readonly string[];
}

type Node = Record<string, unknown>;

/** The fields of an object's JSON Schema, the required ones first; null when it is not the schema of a plain object. */
export function readConfigFields(schema: unknown): ConfigField[] | null {
  if (!isNode(schema) || !isNode(schema['properties'])) return null;
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  const fields = Object.entries(schema['properties']).map(([name, node]) => readField(name, node, required.has(name)));
  return [...fields.filter((field) => field.required), ...fields.filter((field) => !field.required)];
}

function readField(name: string, given: unknown, required: boolean): ConfigField {
  const node = isNode(given) ? given : {};
  const { description, enum: values } = node;
  const choices = Array.isArray(values) && values.every((value) => typeof value === 'string') ? values : [];
  return {
    name,
    kind: choices.length > 0 ? 'choice' : kindOf(node['type']),
    description: typeof description === 'string' ? description : undefined,
    required: required && !('default' in node),
    choices,
  };
}

function kindOf(type: unknown): ConfigField['kind'] {
  if (type === 'string') return 'text';
  if (type === 'number' || type === 'integer') return 'number';
  return type === 'boolean' ? 'boolean' : 'json';
}

/** What was typed as the configuration; a field that is left empty is left out. Faults are by field. */
export function readConfig(
  fields: readonly ConfigField[],
  typed: Readonly<Record<string, string>>,
): { config: Record<string, unknown>; faults: Record<string, string> } {
  const config: Record<string, unknown> = {};
  const faults: Record<string, string> = {};
  for (const { name, kind } of fields) {
    const text = typed[name] ?? '';
    if (text === '') continue;
    if (kind === 'text' || kind === 'choice') config[name] = text;
    else if (kind === 'boolean') config[name] = text === 'true';
    else readValue(text, { name, kind, config, faults });
  }
  return { config, faults };
}

/** A stored configuration as the texts of its fields. */
export function writeConfig(
  fields: readonly ConfigField[],
  config: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const given = fields.filter(({ name }) => config[name] !== undefined && config[name] !== null);
  return Object.fromEntries(given.map((field) => [field.name, writeValue(field, config[field.name])]));
}

function writeValue({ kind }: ConfigField, value: unknown): string {
  if ((kind === 'text' || kind === 'choice') && typeof value === 'string') return value;
  return JSON.stringify(value, null, kind === 'json' ? 2 : undefined);
}

function readValue(
  text: string,
  given: { name: string; kind: 'number' | 'json'; config: Record<string, unknown>; faults: Record<string, string> },
): void {
  const { name, kind, config, faults } = given;
  try {
    config[name] = JSON.parse(text);
  } catch {
    faults[name] = kind === 'number' ? 'Write a number.' : 'This is not JSON.';
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
