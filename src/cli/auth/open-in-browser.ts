import { spawn } from 'node:child_process';

const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Asks the desktop to show this page; where there is none, nothing happens. Anything but http is left alone. */
export function openInBrowser(page: string): void {
  if (!/^https?:\/\//.test(page) || !URL.canParse(page)) return;
  const [program, ...words] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(program!, [...words, new URL(page).href], { detached: true, stdio: 'ignore' });
  child.on('error', () => {});
  child.unref();
}
