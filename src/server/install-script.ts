import { shellWord } from '../kernel/shell-word.ts';

/** The oldest npm that brings what `da` needs; each Node from 20.19 on has a newer one. */
const oldestNpm = 8;

/**
 * The script that `curl -fsSL <server>/cli/install.sh | sh` runs: installs the `da` of this server, or says in one sentence
 * what is missing. `server` is the base URL without a slash at its end; `node` the oldest Node, such as `20.19`.
 */
export function installScript({ server, node }: { server: string; node: string }): string {
  const [major = '', minor = ''] = node.split('.');
  return `#!/bin/sh
# Installs da, the command line of Agnes, as the server below has it.
set -eu

server=${shellWord(server)}

stop() {
  printf '%s\\n' "$1" >&2
  exit 1
}

# All of it in functions, so that a download that breaks off runs nothing.
main() {
  command -v node >/dev/null 2>&1 || stop 'Node.js is missing: install version ${node} or newer, then run this again.'
  node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > ${major} || (a == ${major} && b >= ${minor}) ? 0 : 1)' ||
    stop "Node.js $(node --version) is too old: install version ${node} or newer, then run this again."
  command -v npm >/dev/null 2>&1 || stop 'npm is missing: install it (it comes with Node.js), then run this again.'
  npm_version=$(npm --version 2>/dev/null) || stop 'npm does not run: install Node.js anew, then run this again.'
  [ "\${npm_version%%.*}" -ge ${oldestNpm} ] 2>/dev/null || stop "npm $npm_version is too old: run npm install --global npm, then run this again."

  npm install --global "$server/cli/da.tgz" ||
    stop 'npm could not install da, see above. Where it may not write (EACCES): npm config set prefix "$HOME/.local", then run this again.'

  folder="$(npm prefix --global)/bin"
  [ -x "$folder/da" ] || stop "npm left no da in $folder; look at its settings by npm config list."
  printf 'da %s is installed.\\n' "$("$folder/da" --version)"
  [ "$(command -v da || true)" = "$folder/da" ] ||
    printf 'Put %s at the beginning of your PATH, so that da is found there.\\n' "$folder"
  printf 'Next: da auth login --server %s\\n' ${shellWord(shellWord(server))}
}

main
`;
}
