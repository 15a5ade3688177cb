import { closeCompletion } from '@codemirror/autocomplete';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { useEffect, useEffectEvent, useRef } from 'react';
import type { NamedTable } from './documents.ts';
import { editorSetup, sqlLanguage } from './editor-setup.ts';
import styles from './sql.module.css';

interface SqlEditorProps {
  value: string;
  onChange: (value: string) => void;
  /** Asked for by the keyboard. */
  onRun: () => void;
  /** What can be completed. */
  tables: readonly NamedTable[];
  /** The id of what explains the keys. */
  describedBy: string;
}

/** An editor of one statement. */
export function SqlEditor({ value, onChange, onRun, tables, describedBy }: SqlEditorProps) {
  const holder = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const language = useRef(new Compartment());
  const tellChange = useEffectEvent(onChange);
  const tellRun = useEffectEvent(onRun);
  const begin = useEffectEvent((parent: HTMLElement) => {
    const run = (editor: EditorView): boolean => {
      closeCompletion(editor);
      tellRun();
      return true;
    };
    return new EditorView({
      parent,
      state: EditorState.create({
        doc: value,
        selection: { anchor: value.length },
        extensions: [
          Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
          editorSetup({ 'aria-label': 'Statement', 'aria-describedby': describedBy }),
          language.current.of(sqlLanguage(tables)),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) tellChange(update.state.doc.toString());
          }),
        ],
      }),
    });
  });

  useEffect(() => {
    if (!holder.current) return;
    const editor = begin(holder.current);
    view.current = editor;
    return () => editor.destroy();
  }, []);

  useEffect(() => {
    view.current?.dispatch({ effects: language.current.reconfigure(sqlLanguage(tables)) });
  }, [tables]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({
      changes: { from: 0, to: editor.state.doc.length, insert: value },
      selection: { anchor: value.length },
    });
  }, [value]);

  return <div ref={holder} className={styles.editor} />;
}
