import { formatNanoseconds, compare, type BenchRow } from './bench.ts';
import { da, runProgram } from './da-process.ts';

export const name = 'cli';

const rounds = 21;

/** What `da --help` adds to a Node that does nothing. */
export default async function bench(): Promise<BenchRow[]> {
  const { ratio, subjectNanoseconds, baselineNanoseconds } = await compare({
    subject: runs([da, '--help']),
    baseline: runs(['--eval', '']),
    rounds,
  });
  const [subject, baseline] = [subjectNanoseconds, baselineNanoseconds].map(formatNanoseconds);
  const added = formatNanoseconds(subjectNanoseconds - baselineNanoseconds);
  return [
    { what: 'da --help ÷ bare node', ratio, note: `${subject} ÷ ${baseline}: ${added} more, medians of ${rounds}` },
  ];
}

function runs(words: string[]) {
  return { calls: 1, run: () => runProgram(process.execPath, words).length };
}
