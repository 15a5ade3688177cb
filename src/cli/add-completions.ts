import type { createProgram } from './program.ts';

type Program = ReturnType<typeof createProgram>;

/** Adds `completion <shell>`, which prints a script, and the hidden `complete -- <words>`, which such scripts ask. */
export async function addCompletions(program: Program): Promise<Program> {
  const { default: tab } = await import('@bomb.sh/tab/commander');
  tab(program as unknown as Parameters<typeof tab>[0], { completionCommandName: 'completion' });
  return program;
}
