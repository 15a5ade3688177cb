import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { sha256 } from '../kernel/ids.ts';
import { oldestNode } from '../kernel/oldest-node.ts';
import { answerSentence } from './answer-sentence.ts';
import { installScript } from './install-script.ts';
import { answerStaticFile, makePackedFile, makeStaticFile, type StaticFile } from './static-file.ts';

/** Answers what stands under `/cli/`, by the name behind it. */
export type CliFiles = (request: IncomingMessage, response: ServerResponse, name: string) => void;

/**
 * What this server gives to everybody who wants its `da`: the package in `folder`, which version it is, and a script that
 * installs it. The same for everyone: the addresses in it are those of `publicUrl`, whatever a request says.
 */
export async function openCliFiles(
  folder: string,
  { version, publicUrl }: { version: string; publicUrl: string },
): Promise<CliFiles> {
  const packed = await readFile(join(folder, 'da.tgz'));
  const latest = { version, url: `${publicUrl}/cli/da.tgz`, sha256: sha256(packed) };
  const script = installScript({ server: publicUrl, node: oldestNode });
  const files = new Map<string, StaticFile>([
    ['da.tgz', makePackedFile(packed, { type: 'application/gzip' })],
    ['latest', makeStaticFile(`${JSON.stringify(latest)}\n`, { extension: 'json', lasting: false })],
    ['install.sh', makeStaticFile(script, { extension: 'sh', lasting: false })],
  ]);
  return (request, response, name) => {
    if (!isHost(request.headers.host))
      return answerSentence(response, 400, 'The Host header is not the name of a host.');
    answerStaticFile(request, response, files.get(name));
  };
}

function isHost(header: string | undefined): boolean {
  return /^([a-z0-9]([a-z0-9._-]*[a-z0-9.])?|\[[0-9a-f:.]+\])(:\d{1,5})?$/i.test(header ?? '');
}
