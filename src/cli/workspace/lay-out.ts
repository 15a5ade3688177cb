import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere, writeMarked } from './marked-text.ts';
import { placesIn, type Workspace } from './workspace.ts';

/** What a program that works in the folder for the person may not read or write. */
const settings = {
  permissions: {
    deny: [
      'Read(./.env)',
      'Read(./.env.*)',
      'Read(./**/.env)',
      'Read(./**/.env.*)',
      'Read(./**/*.pem)',
      'Read(./**/*.key)',
      'Read(./**/*token*)',
      'Read(./**/*secret*)',
      'Read(./**/*credential*)',
      'Read(./.agnes/**)',
      'Read(~/.config/agnes/**)',
      'Read(~/.ssh/**)',
      'Read(~/.aws/**)',
      'Read(~/.config/gcloud/**)',
      'Edit(./.env)',
      'Edit(./.env.*)',
      'Edit(./.agnes/**)',
      'Edit(./agnes.duckdb)',
      'Edit(./data/**)',
      'Edit(~/.config/agnes/**)',
    ],
  },
};

/** Makes the folders and files of a workspace that are not there; what is there stays as it is. */
export async function layOut({ folder }: Workspace): Promise<void> {
  const { work, notes, guide } = placesIn(folder);
  await mkdir(work, { recursive: true });
  await mkdir(notes, { recursive: true });
  await importGuide(join(folder, 'CLAUDE.md'), guide);
  await mkdir(join(folder, '.claude'), { recursive: true });
  await writeWhenAbsent(join(folder, '.claude', 'settings.json'), `${JSON.stringify(settings, null, 2)}\n`);
}

/** Makes the file read the guide in, unless it does, or is the guide. */
async function importGuide(path: string, guide: string): Promise<void> {
  const [here, there] = await Promise.all([path, guide].map((one) => realpath(one).catch(() => one)));
  if (here === there || /^@(\.\/)?AGENTS\.md\s*$/m.test(await readIfThere(path))) return;
  await writeMarked(path, '@AGENTS.md\n');
}

async function writeWhenAbsent(path: string, text: string): Promise<void> {
  await writeFile(path, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
