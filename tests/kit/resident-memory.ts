import { readdirSync, readFileSync } from 'node:fs';

/** Notes the most memory that a process and all its descendants held at once. */
export interface MemoryWatch {
  /** Stops watching; resolves to megabytes. */
  end(): number;
}

/** Watches a process and its descendants, ten times a second; of the process itself the kernel tells the highest mark. */
export function watchMemory(pid: number): MemoryWatch {
  let most = 0;
  const look = () => {
    const parents = parentsOfAll();
    const family = [...parents.keys()].filter((one) => isOf(parents, { one, pid }));
    most = Math.max(
      most,
      family.reduce((sum, one) => sum + kilobytes(one, 'VmRSS'), 0),
      kilobytes(pid, 'VmHWM'),
    );
  };
  const timer = setInterval(look, 100);
  return {
    end() {
      look();
      clearInterval(timer);
      return (most * 1024) / 1e6;
    },
  };
}

function parentsOfAll(): Map<number, number> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(pids.map((pid) => [Number(pid), Number(/^PPid:\s+(\d+)/m.exec(statusOf(pid))?.[1] ?? 0)]));
}

function isOf(parents: ReadonlyMap<number, number>, { one, pid }: { one: number; pid: number }): boolean {
  for (let at: number | undefined = one; at; at = parents.get(at)) if (at === pid) return true;
  return false;
}

function kilobytes(pid: number, name: 'VmRSS' | 'VmHWM'): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(statusOf(pid))?.[1] ?? 0);
}

/** Empty when the process has just ended. */
function statusOf(pid: number | string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
