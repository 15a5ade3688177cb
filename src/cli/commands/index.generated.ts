// Printed by `npm run generate` from the files of this folder.
import type { Command } from '../command.ts';

export const commands = [
] satisfies readonly Command[];
