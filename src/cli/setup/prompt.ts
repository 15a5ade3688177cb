import { failed } from '../failure.ts';
import { askLine, askUnseen } from '../output/ask.ts';
import { printNotice } from '../output/streams.ts';

/** Asks the person at the terminal. */
export interface Prompt {
  /** What was typed; `instead` when nothing was. */
  line(question: string, instead?: string): Promise<string>;
  /** Not shown while it is typed. */
  secret(question: string): Promise<string>;
  /** Tells the person something between two questions. */
  say(sentence: string): void;
}

/** The person at the terminal; null when there is none. */
export function openPrompt(): Prompt | null {
  if (!process.stdin.isTTY) return null;
  return {
    async line(question, instead = '') {
      const typed = await askLine(instead === '' ? `${question}: ` : `${question} [${instead}]: `);
      return goOnWith(typed).trim() || instead;
    },
    async secret(question) {
      return goOnWith(await askUnseen(`${question} (not shown): `));
    },
    say: printNotice,
  };
}

function goOnWith(typed: string | null): string {
  if (typed === null) throw failed('Stopped. What was done stays done; start again to go on.');
  return typed;
}
