// Printed by `npm run generate` from the files of this folder.

export const connectors = [
] as const;
