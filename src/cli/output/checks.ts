import { exitCodes } from '../failure.ts';
import { printData, printJson } from './streams.ts';
import { visible } from './visible.ts';

/** One thing that was looked at. `todo` is null when it is as it should be. */
export interface Check {
  readonly check: string;
  readonly ok: boolean;
  readonly found: string;
  readonly todo: string | null;
}

/** A check that is well when `ok`, with what was found, or what to do. */
export function checkOf(check: string, ok: boolean, { found, todo }: { found: string; todo: string }): Check {
  return { check, ok, found: ok ? found : '', todo: ok ? null : todo || 'Not as it should be.' };
}

/** Prints each check and what to do about it; the exit code is 0 when all are well, 1 otherwise. */
export function printChecks(checks: readonly Check[], options: { json?: true }): void {
  const ok = checks.every((check) => check.ok);
  if (options.json) printJson({ ok, checks });
  else for (const check of checks) printData(`${visible(lineOf(check))}\n`);
  process.exitCode = ok ? exitCodes.done : exitCodes.failed;
}

function lineOf({ check, ok, found, todo }: Check): string {
  return `${ok ? 'ok  ' : 'FAIL'}  ${check}: ${todo === null ? found : `${found} ${todo}`.trim()}`;
}
