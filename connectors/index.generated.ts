// Printed by `npm run generate` from the files of this folder.
import { files } from './files/connector.ts';

export const connectors = [
  files,
] as const;
