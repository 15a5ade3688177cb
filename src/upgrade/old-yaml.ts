import { parse, YAMLParseError } from 'yaml';

/**
 * What a text in YAML says, as the predecessor read it: of a key that is there twice the last one counts, and `<<` is merged. Throws an
 * `Error` that says where the fault is, and nothing of the text, which may hold secrets.
 */
export function parseOldYaml(text: string): unknown {
  try {
    return parse(text, { merge: true, uniqueKeys: false, logLevel: 'error' });
  } catch (error) {
    const [start] = (error instanceof YAMLParseError && error.linePos) || [];
    throw new Error(start ? `line ${start.line}, column ${start.col}` : 'an alias', { cause: error });
  }
}
