// Printed by `npm run generate` from the folders beside this file.
import type { Connector } from './contract.ts';
import { connector as files } from './files/connector.ts';

export const connectors: readonly Connector[] = [files];
