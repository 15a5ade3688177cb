import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

// Each in a process of its own with DuckDB alone, without our lock and our settings.

/** Runs a script on the file and closes it. */
export function runScript(file: string, script: string): void {
  const args = programArgs(file, `${runLine(script)} connection.closeSync(); instance.closeSync();`);
  execFileSync(process.execPath, args, { stdio: 'pipe' });
}

/** Runs a script on the file and is killed, so that the changes stand in the log only. */
export function runAndDie(file: string, script: string): void {
  const { signal } = spawnSync(
    process.execPath,
    programArgs(file, `${runLine(script)} process.kill(process.pid, 'SIGKILL');`),
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  if (signal !== 'SIGKILL') throw new Error('The script failed before its process was killed.');
}

/** Keeps the file open until the test has finished. Resolves to the number of the process. */
export async function holdOpen(file: string): Promise<number | undefined> {
  const args = programArgs(file, `console.log('open'); process.stdin.resume();`);
  const holder = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    holder.stdin.end();
    await once(holder, 'exit');
  });
  await once(holder.stdout, 'data');
  return holder.pid;
}

function runLine(script: string): string {
  return `await connection.run(${JSON.stringify(script)});`;
}

function programArgs(file: string, body: string): string[] {
  const program = `const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(${JSON.stringify(file)});
    const connection = await instance.connect(); ${body}`;
  return ['--input-type=module', '-e', program];
}
