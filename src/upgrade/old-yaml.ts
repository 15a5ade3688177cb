import { parse } from 'yaml';

/** What a text in YAML says, as the predecessor read it: of a key that is there twice the last one counts, and `<<` is merged. Throws for what is none. */
export function parseOldYaml(text: string): unknown {
  return parse(text, { merge: true, uniqueKeys: false, logLevel: 'error' });
}
