import type { BareCommand } from '../command.ts';

export const name = 'setup';
export const description = 'Sets an instance up, from its first administrator to its first rows; asks on a terminal.';
export const examples = [
  'da setup --server https://agnes.example.com',
  'da setup --file setup.yaml',
  'da setup --name "Example data" --source shop --connector files --config @shop.json --tables all',
];

export function declare(command: BareCommand): void {
  command
    .option('--file <yaml>', 'what to set up, see docs/setup.md; options win over it')
    .option('--link-file <file>', 'the setup link that the server printed, to make the first administrator')
    .option('--email <address>', 'of the first administrator')
    .option('--person-name <name>', 'of the first administrator')
    .option('--password-file <file>', 'the password of the first administrator')
    .option('--name <name>', 'what the instance is called')
    .option('--allowed-domains <domains>', 'whose people may come in by a provider, separated by commas')
    .option('--secret-file <name=file>', 'the value of a secret; may be given again', addToList)
    .option('--source <name>', 'the first source')
    .option('--connector <kind>', 'the kind of system, such as files')
    .option('--config <json>', 'what the connector needs: a JSON object, @<file>, or @- for stdin')
    .option('--tables <names>', 'the tables of the source, separated by commas, or all')
    .option('--skip <steps>', 'what to leave out: name, source, or both with a comma')
    .action(async function () {
      const { runSetup } = await import('../setup/run-setup.ts');
      await runSetup(this.optsWithGlobals());
    });
}

function addToList(value: string, before: string[] = []): string[] {
  return [...before, value];
}
