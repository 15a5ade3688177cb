import { commands } from './commands/index.generated.ts';
import { endQuietlyWithoutReader } from './output/streams.ts';
import { createProgram } from './program.ts';
import { reportFailure } from './report-failure.ts';
import { allowUpdateCheck, endUpdateCheck } from './update/update-check.ts';

endQuietlyWithoutReader();
const words = process.argv.slice(2);
try {
  const program = await programFor(words);
  program.hook('preAction', (_program, command) => allowUpdateCheck(command.optsWithGlobals()));
  await program.parseAsync(words.length === 0 ? ['--help'] : words, { from: 'user' });
} catch (error) {
  process.exitCode = reportFailure(error);
} finally {
  endUpdateCheck();
}

/** Shells ask `da complete -- <words>` for completions; what answers is loaded only then, and brings `completion` itself. */
async function programFor([first]: readonly string[]) {
  if (first !== 'complete') return createProgram(commands);
  const { addCompletions } = await import('./add-completions.ts');
  return addCompletions(createProgram(commands.filter(({ name }) => name !== 'completion')));
}
