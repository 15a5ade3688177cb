import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import type { ConfigField } from './config-schema.ts';

interface ConfigInputProps {
  field: ConfigField;
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}

/** One field of a connector's configuration, with the description that its schema gives. */
export function ConfigInput({ field, value, error, onChange }: ConfigInputProps) {
  const { name, kind, description, required, choices } = field;
  const common = { label: name, description, value, error, required, withAsterisk: false, spellCheck: false };
  if (kind === 'json') {
    return (
      <Textarea
        {...common}
        label={`${name}, as JSON`}
        autosize
        minRows={3}
        maxRows={16}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  if (kind === 'text' || kind === 'number') {
    return <TextInput {...common} onChange={(event) => onChange(event.currentTarget.value)} />;
  }
  const options = kind === 'boolean' ? ['true', 'false'] : choices;
  return (
    <NativeSelect
      {...common}
      data={[{ value: '', label: 'Not said' }, ...options.map((option) => ({ value: option, label: option }))]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
