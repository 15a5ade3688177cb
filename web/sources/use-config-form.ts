import { useState } from 'react';
import { readConfig, readConfigFields, writeConfig, type ConfigField } from './config-schema.ts';

/** Stands for the whole configuration where its schema is no list of fields, or not of all that is stored. */
const wholeConfig: ConfigField = {
  name: 'config',
  kind: 'json',
  description: 'What the connector needs; see its README.',
  required: true,
  choices: [],
};

/** What is typed into the fields of a connector's configuration, which begins as `stored`. */
export function useConfigForm(schema: unknown, stored: Readonly<Record<string, unknown>> = {}) {
  const listed = readConfigFields(schema);
  const isCovered = Object.keys(stored).every((key) => listed?.some(({ name }) => name === key));
  const fields = listed && isCovered ? listed : [wholeConfig];
  const isWhole = fields[0] === wholeConfig;
  const [typed, setTyped] = useState(() => startingTexts(fields, stored));
  const [faults, setFaults] = useState<Record<string, string>>({});
  return {
    fields,
    typed,
    faults,
    /** Where the server tells of a fault of this field. */
    pathOf: (field: ConfigField) => (isWhole ? 'config' : `config.${field.name}`),
    type: (name: string, text: string) => setTyped({ ...typed, [name]: text }),
    /** The configuration; null when a text is none, and then `faults` say which. */
    read(): unknown {
      const { config, faults: found } = readConfig(fields, typed);
      setFaults(found);
      if (Object.keys(found).length > 0) return null;
      return isWhole ? (config['config'] ?? {}) : config;
    },
  };
}

export type ConfigForm = ReturnType<typeof useConfigForm>;

function startingTexts(
  fields: readonly ConfigField[],
  stored: Readonly<Record<string, unknown>>,
): Record<string, string> {
  if (Object.keys(stored).length === 0) return {};
  return writeConfig(fields, fields[0] === wholeConfig ? { config: stored } : stored);
}
