import { oldestNode } from '../kernel/oldest-node.ts';
import { shellWord } from '../kernel/shell-word.ts';

/** What the text is made for: `server` is its base URL without a slash at its end, `endsAt` when the token ends. */
export interface AgentSetup {
  readonly server: string;
  readonly email: string;
  readonly secret: string;
  readonly endsAt: Date;
}

/**
 * What a person pastes into the agent that is to set `da` up beside them: each step with its commands (the blocks of `sh`, which
 * work as they stand) and how it ends when it went well. The token is in it.
 */
export function agentSetupText({ server, email, secret, endsAt }: AgentSetup): string {
  const url = shellWord(server);
  const folder = `agnes-${new URL(server).hostname.replaceAll(/[^\w.-]/g, '')}`;
  return `Set up Agnes on this computer for me. Agnes is where my tables are: ${server}. Its command line is \`da\`.
Run the steps below one after another in a shell. When one does not end as it says, stop and tell me what was printed.
The token in step 3 is a secret: do not repeat it to me, and write it into no file.

1. Node.js has to be version ${oldestNode} or newer. If it is not, tell me to install it.

\`\`\`sh
node --version
\`\`\`

2. Install \`da\` from the server. Where npm may not write (EACCES), run \`npm config set prefix "$HOME/.local"\`, put
   \`$HOME/.local/bin\` at the beginning of the PATH, and try again. It ends with the version of \`da\`.

\`\`\`sh
npm install --global ${shellWord(`${server}/cli/da.tgz`)}
da --version
\`\`\`

3. Sign in. The token goes in by stdin, and the shell keeps no history of it. It ends with \`Signed in to ${server} as ${email}\`.

\`\`\`sh
unset HISTFILE
da auth import-token --server ${url} <<'TOKEN'
${secret}
TOKEN
\`\`\`

4. Make a workspace in a folder of its own and bring my tables. It ends with the exit code 0; 5 says that some tables failed,
   and \`da sync\` tries them again.

\`\`\`sh
mkdir -p ~/${folder}
cd ~/${folder}
da init ${url}
da sync
\`\`\`

5. Check yourself. Both end with the exit code 0, and each line of \`da doctor\` begins with \`ok\`. A line that does not says
   which command mends it: run that one, then \`da doctor\` again.

\`\`\`sh
da status
da doctor
da tables list --local
\`\`\`

Then read \`AGENTS.md\` in ~/${folder}: its rules hold for whatever you do with this data. Tell me which version of \`da\` you installed,
in which folder my tables are, how many there are, whether \`da doctor\` found all well, and that the token ends on
${endsAt.toISOString().slice(0, 10)} and can be revoked before on ${server}/profile#tokens.
`;
}
