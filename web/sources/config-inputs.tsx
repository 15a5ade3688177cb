import { ConfigInput } from './config-input.tsx';
import type { ConfigForm } from './use-config-form.ts';

interface ConfigInputsProps {
  form: ConfigForm;
  /** What the server found wrong, by path. */
  faults: Readonly<Record<string, string | undefined>> | undefined;
}

/** The fields of a connector's configuration. */
export function ConfigInputs({ form, faults }: ConfigInputsProps) {
  return form.fields.map((field) => (
    <ConfigInput
      key={field.name}
      field={field}
      value={form.typed[field.name] ?? ''}
      error={form.faults[field.name] ?? faults?.[form.pathOf(field)]}
      onChange={(text) => form.type(field.name, text)}
    />
  ));
}
