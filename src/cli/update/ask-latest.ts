import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isVersion } from './is-older.ts';

const dayMilliseconds = 86_400_000;
const afterFailureMilliseconds = 300_000;
const longestMilliseconds = 3_000;
const mostServers = 20;

/** When a server was asked last, in milliseconds since 1970, and whether it answered. */
interface Asked {
  readonly at: number;
  readonly answered: boolean;
}

/**
 * The version of `da` that the server has now; null when it was asked within the last day, or the last five minutes if it did not
 * answer then, or does not answer within three seconds. Never throws; what it remembers stands in `folder`. The question is on its
 * way when this returns, so that it goes before the requests of a short command.
 */
export async function askLatest(
  server: string,
  { folder, signal }: { folder: string; signal: AbortSignal },
): Promise<string | null> {
  const file = join(folder, 'update-checks.json');
  const now = Date.now();
  const last = readAsked(file)[server];
  if (last && !isDue(last, now)) return null;
  const answer = fetchVersion(server, signal);
  // Noted before the answer, so that a question that is cut off is not put again at once.
  const noted = note(file, { server, asked: { at: now, answered: false } });
  const version = await answer;
  if (version !== null) void noted.then(() => note(file, { server, asked: { at: now, answered: true } }));
  return version;
}

function isDue({ at, answered }: Asked, now: number): boolean {
  const age = now - at;
  return age < 0 || age >= (answered ? dayMilliseconds : afterFailureMilliseconds);
}

async function fetchVersion(server: string, signal: AbortSignal): Promise<string | null> {
  try {
    const response = await fetch(`${server}/cli/latest`, {
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(longestMilliseconds)]),
    });
    const { version } = (await response.json()) as { version?: unknown };
    return response.ok && typeof version === 'string' && isVersion(version) ? version : null;
  } catch {
    return null;
  }
}

function readAsked(file: string): Record<string, Asked> {
  try {
    const entries = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, Partial<Asked> | null>);
    return Object.fromEntries(entries.filter((entry): entry is [string, Asked] => typeof entry[1]?.at === 'number'));
  } catch {
    return {};
  }
}

/** Two processes at once: the later one wins, and what the other noted may be asked once more. */
async function note(file: string, { server, asked }: { server: string; asked: Asked }): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  try {
    const known = Object.entries({ ...readAsked(file), [server]: asked });
    const newest = known.toSorted(([, one], [, other]) => other.at - one.at).slice(0, mostServers);
    await mkdir(join(file, '..'), { recursive: true, mode: 0o700 });
    await writeFile(draft, `${JSON.stringify(Object.fromEntries(newest), null, 2)}\n`, { mode: 0o600 });
    await rename(draft, file);
  } catch {
    await rm(draft, { force: true }).catch(() => {});
  }
}
