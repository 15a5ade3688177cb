/** One line of the table: `ratio` compares two things measured in the same run, null where there is none; `note` says the rest. */
export interface BenchRow {
  what: string;
  ratio: number | null;
  note: string;
}

/** Does its work `calls` times and returns a number that depends on all of it, so that nothing can be optimised away. */
export interface Measured {
  calls: number;
  run(): number | Promise<number>;
}

/** Median times of one call, in nanoseconds, and how many times longer the subject takes than the baseline. */
export interface Comparison {
  ratio: number;
  subjectNanoseconds: number;
  baselineNanoseconds: number;
}

let sink = 0;

/** Runs both in turns, after one unmeasured turn, so that whatever slows the machine down slows both. */
export async function compare(pair: { subject: Measured; baseline: Measured; rounds: number }): Promise<Comparison> {
  const subject: number[] = [];
  const baseline: number[] = [];
  for (let round = -1; round < pair.rounds; round += 1) {
    const times = [await timeOf(pair.subject), await timeOf(pair.baseline)] as const;
    if (round < 0) continue;
    subject.push(times[0]);
    baseline.push(times[1]);
  }
  if (Number.isNaN(sink)) throw new Error('A measured function must return a number.');
  const subjectNanoseconds = median(subject);
  const baselineNanoseconds = median(baseline);
  return { ratio: subjectNanoseconds / baselineNanoseconds, subjectNanoseconds, baselineNanoseconds };
}

async function timeOf(measured: Measured): Promise<number> {
  const start = process.hrtime.bigint();
  sink += await measured.run();
  return Number(process.hrtime.bigint() - start) / measured.calls;
}

/** The value below which `share` (0 to 1) of the values lie; NaN when there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** `12 ns`, `3.4 µs`, `56 ms`, `1.2 s`. */
export function formatNanoseconds(nanoseconds: number): string {
  const units = ['ns', 'µs', 'ms', 's'];
  let value = nanoseconds;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`;
}

/** Megabytes of heap that are in use after a collection; needs `--expose-gc`, which `npm run bench` sets. */
export function usedHeapMegabytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1_000_000;
}
