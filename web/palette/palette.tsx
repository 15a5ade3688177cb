import { Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { describeFailure } from '../data/failure.ts';
import { SearchIcon } from '../icons.tsx';
import type { PaletteGroup, PaletteItem } from './palette-item.ts';
import styles from './palette.module.css';
import { useFoundItems } from './use-found-items.tsx';
import { usePageItems } from './use-page-items.tsx';

interface PaletteProps {
  opened: boolean;
  /** Closes it; the focus is then the caller's to place. */
  onClose: () => void;
}

/** Goes anywhere by a few letters: pages, tables, metrics and users. */
export function Palette({ opened, onClose }: PaletteProps) {
  function go(item: PaletteItem): void {
    onClose();
    item.go();
    document.getElementById('content')?.focus();
  }

  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      size="lg"
      yOffset="12vh"
      transitionProps={{ duration: 0 }}
      returnFocus={false}
    >
      <Modal.Overlay />
      <Modal.Content aria-label="Go to">
        <PaletteSearch onGo={go} />
      </Modal.Content>
    </Modal.Root>
  );
}

function PaletteSearch({ onGo }: { onGo: (item: PaletteItem) => void }) {
  const listId = useId();
  const [text, setText] = useState('');
  const [place, setPlace] = useState(0);
  const [searched] = useDebouncedValue(text.trim(), 120);
  const pages = usePageItems(text.trim());
  const { groups: found, searching, error } = useFoundItems(searched);
  const groups = [{ name: 'Pages', items: pages }, ...found].filter(({ items }) => items.length > 0);
  const items = groups.flatMap((group) => group.items);
  const chosen = items[Math.min(place, items.length - 1)];
  const isSearching = searching || searched !== text.trim();

  function move(steps: number): void {
    setPlace((last) => (Math.min(last, items.length - 1) + steps + items.length) % items.length);
  }

  function press(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing || items.length === 0) return;
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Enter' && chosen) onGo(chosen);
    else return;
    event.preventDefault();
  }

  return (
    <>
      <div className={styles.search}>
        <SearchIcon />
        <input
          data-autofocus
          role="combobox"
          aria-label="Search pages, tables, metrics and users"
          aria-expanded={items.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={chosen && `${listId}-${chosen.id}`}
          placeholder="Go to a page, a table, …"
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setPlace(0);
          }}
          onKeyDown={press}
        />
      </div>
      <div id={listId} role="listbox" aria-label="Places to go to" className={styles.list}>
        {groups.map((group) => (
          <Group key={group.name} group={group} listId={listId} chosen={chosen} onGo={onGo} />
        ))}
      </div>
      <p role="status" className={styles.state}>
        {describeState({ count: items.length, isSearching, failure: error && describeFailure(error).message })}
      </p>
    </>
  );
}

interface GroupProps {
  group: PaletteGroup;
  listId: string;
  chosen: PaletteItem | undefined;
  onGo: (item: PaletteItem) => void;
}

function Group({ group: { name, items }, listId, chosen, onGo }: GroupProps) {
  return (
    <div role="group" aria-label={name}>
      <div className={styles.groupName} aria-hidden>
        {name}
      </div>
      {items.map((item) => (
        <Option
          key={item.id}
          id={`${listId}-${item.id}`}
          item={item}
          selected={item.id === chosen?.id}
          onGo={() => onGo(item)}
        />
      ))}
    </div>
  );
}

interface OptionProps {
  id: string;
  item: PaletteItem;
  selected: boolean;
  onGo: () => void;
}

/** The field keeps the focus and names the option that Enter goes to; a pointer goes to any. */
function Option({ id, item: { label, detail, icon }, selected, onGo }: OptionProps) {
  const option = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (selected) option.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div ref={option} id={id} role="option" aria-selected={selected} className={styles.option} onClick={onGo}>
      {icon}
      <bdi className={styles.label}>{label}</bdi>
      {detail !== null && <bdi className={styles.detail}>{detail}</bdi>}
    </div>
  );
}

function describeState(given: { count: number; isSearching: boolean; failure: string | undefined }): string {
  if (given.failure !== undefined) return `Not everything could be searched. ${given.failure}`;
  if (given.isSearching) return 'Searching…';
  if (given.count === 0) return 'Nothing has this name.';
  return given.count === 1 ? '1 place' : `${given.count} places`;
}
