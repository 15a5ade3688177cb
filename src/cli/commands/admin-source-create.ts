import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin source create';
export const description = 'Connects a source; its connector checks first that it can be reached.';
export const examples = [
  'da admin source create shop --connector files --config \'{"folder": "/data/shop"}\'',
  'da admin source create shop --connector files --config @shop.json',
];

export function declare(command: BareCommand): void {
  command
    .argument('<source>', 'the name of the source')
    .requiredOption('--connector <kind>', 'the kind of system, such as files')
    .requiredOption('--config <json>', 'what the connector needs: a JSON object, @<file>, or @- for stdin')
    .addOption(jsonOption())
    .action(async function (source) {
      const { createSource } = await import('../registry/create-source.ts');
      await createSource(source, this.optsWithGlobals());
    });
}
