import { Autocomplete } from '@mantine/core';
import { useState } from 'react';
import styles from './table-access.module.css';

/** Something that can be chosen by a name that nothing else has. */
export interface Choice {
  id: string;
  name: string;
  detail: string | null;
}

interface ChoiceFieldProps {
  label: string;
  placeholder: string;
  /** What is found for the text that was handed to `onSearch` last. */
  choices: readonly Choice[];
  /** The name of what is chosen; null: nothing is. */
  chosen: string | null;
  error?: string | undefined;
  onSearch: (text: string | null) => void;
  /** Called with null when the field was emptied. */
  onChoose: (choice: Choice | null) => void;
}

/** Finds one thing among many by typing a part of its name. */
export function ChoiceField({ choices, chosen, onSearch, onChoose, ...shown }: ChoiceFieldProps) {
  const [text, setText] = useState(chosen ?? '');
  const [told, setTold] = useState(chosen);
  const [opened, setOpened] = useState(false);
  if (chosen !== told) {
    setTold(chosen);
    setText(chosen ?? '');
  }
  const byName = new Map(choices.map((choice) => [choice.name, choice]));
  return (
    <Autocomplete
      {...shown}
      data={[...byName.keys()]}
      // The server has searched already.
      filter={({ options }) => options}
      value={text}
      onFocus={() => onSearch(text === '' || text === chosen ? null : text)}
      onChange={(next) => {
        setText(next);
        if (next === '' && chosen !== null) onChoose(null);
        onSearch(next === '' ? null : next);
      }}
      dropdownOpened={opened}
      onDropdownOpen={() => setOpened(true)}
      onDropdownClose={() => setOpened(false)}
      onOptionSubmit={(name) => onChoose(byName.get(name) ?? null)}
      onKeyDown={(event) => {
        const highlighted = event.currentTarget.getAttribute('aria-activedescendant');
        if (event.key !== 'Enter' || highlighted || text.trim() === '' || text === chosen) return;
        const meant = findMeant(choices, text);
        if (!meant) return;
        event.preventDefault();
        onChoose(meant);
        setOpened(false);
      }}
      clearable={chosen !== null}
      spellCheck={false}
      autoCapitalize="none"
      comboboxProps={{ withinPortal: false, offset: 2 }}
      withScrollArea={false}
      classNames={{ options: styles.options }}
      renderOption={({ option }) => (
        <div className={styles.option}>
          <bdi>{option.value}</bdi>
          {byName.get(option.value)?.detail && <bdi className={styles.detail}>{byName.get(option.value)?.detail}</bdi>}
        </div>
      )}
    />
  );
}

/** The choice with exactly this name, or else the only one that the text fits. */
function findMeant(choices: readonly Choice[], text: string): Choice | undefined {
  const sought = text.trim().toLowerCase();
  const fitting = choices.filter(({ name, detail }) =>
    [name, detail ?? ''].some((told) => told.toLowerCase().includes(sought)),
  );
  return fitting.find(({ name }) => name.toLowerCase() === sought) ?? (fitting.length === 1 ? fitting[0] : undefined);
}
