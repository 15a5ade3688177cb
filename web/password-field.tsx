import { PasswordInput } from '@mantine/core';
import { useId, type ChangeEvent } from 'react';

interface PasswordFieldProps {
  name: string;
  label: string;
  description?: string;
  /** Whether a password is made or typed again; browsers offer to make one, or to fill one in. */
  autoComplete: 'new-password' | 'current-password';
  error: string | undefined;
  value: string;
  onChange: (event: ChangeEvent<HTMLInputElement>) => void;
}

/** Mantine's password input, with the ties between the input and its texts that it leaves out. */
export function PasswordField({ label, ...rest }: PasswordFieldProps) {
  const id = useId();
  const describedBy = [rest.description && `${id}-description`, rest.error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <PasswordInput
      {...rest}
      label={label}
      required
      withAsterisk={false}
      aria-invalid={rest.error !== undefined}
      aria-describedby={describedBy || undefined}
      descriptionProps={{ id: `${id}-description` }}
      errorProps={{ id: `${id}-error` }}
      visibilityToggleFocusable
      visibilityToggleButtonProps={{ 'aria-label': `Show or hide: ${label}` }}
    />
  );
}
