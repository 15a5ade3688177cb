import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { SearchIcon } from '../icons.tsx';

interface SearchFieldProps {
  label: string;
  /** What the address says. */
  value: string;
  /** Called a moment after the last key. */
  onSearch: (text: string) => void;
}

/** A search whose text stands in the address; a link or the history may change both. */
export function SearchField({ label, value, onSearch }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const [told, setTold] = useState(value);
  if (value !== told) {
    setTold(value);
    setText(value);
  }
  const search = useDebouncedCallback((next: string) => {
    setTold(next);
    onSearch(next);
  }, 200);
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<SearchIcon />}
      w="20rem"
      maw="100%"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        search(event.currentTarget.value);
      }}
    />
  );
}
