import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/kernel/package-root.ts';

/** The program that ships. */
export const da = join(packageRoot, 'dist/da.js');

/** Where a program runs, and whose token it finds in its environment. */
export interface Surroundings {
  cwd?: string;
  token?: string;
}

/** Runs a program to its end and returns what it wrote to stdout; throws what it said when it fails. Nothing else goes on here. */
export function runProgram(
  program: string,
  words: readonly string[],
  { stdin = '', ...surroundings }: Surroundings & { stdin?: string } = {},
): string {
  const options = { ...optionsOf(surroundings), input: stdin } as const;
  const { status, stdout, stderr, error } = spawnSync(program, words, options);
  if (status !== 0) throw new Error(`${program} ${words.join(' ')} failed: ${error?.message ?? stderr}`);
  return stdout;
}

/** The same while this process goes on with what it does for others. */
export async function runProgramMeanwhile(
  program: string,
  words: readonly string[],
  surroundings: Surroundings = {},
): Promise<string> {
  const { stdout } = await promisify(execFile)(program, words, optionsOf(surroundings));
  return stdout;
}

function optionsOf({ cwd, token }: Surroundings) {
  const env = { PATH: process.env['PATH'], ...(token && { DA_TOKEN: token, XDG_CONFIG_HOME: cwd }) };
  return { cwd, env, encoding: 'utf8', maxBuffer: 1 << 26 } as const;
}
