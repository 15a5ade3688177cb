import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './package-root.ts';

const manifest = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { engines: { node: string } };

/** The oldest Node that runs Agnes and `da`, such as `20.19`. */
export const oldestNode = manifest.engines.node.replace('>=', '');
