import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { packageRoot } from '../../src/kernel/package-root.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';

/** The program that ships. */
export const program = join(packageRoot, 'dist/da.js');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  /** What is piped into stdin. */
  readonly stdin?: string;
  /** The environment besides PATH; without `XDG_CONFIG_HOME` nothing is stored. */
  readonly env?: Record<string, string>;
  /** The folder to run in. */
  readonly cwd?: string;
}

/** Runs the bundled `da` as a process of its own and waits for its end. */
export async function da(words: readonly string[], { stdin = '', env = {}, cwd }: Surroundings = {}): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...words], {
    cwd,
    env: { PATH: process.env['PATH'], XDG_CONFIG_HOME: env['XDG_CONFIG_HOME'] ?? scratchFolder(), ...env },
  });
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  return { code, stdout, stderr };
}
