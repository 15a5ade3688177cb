import type { BareCommand } from '../command.ts';
import { jsonOption } from '../output/format-options.ts';

export const name = 'admin source update';
export const description = 'Gives a source another configuration; its connector checks it first.';
export const examples = [
  'da admin source update shop --config \'{"folder": "/data/shop2"}\'',
  'da admin source update shop --config @shop.json',
];

export function declare(command: BareCommand): void {
  command
    .argument('<source>', 'the name of the source')
    .requiredOption('--config <json>', 'what the connector needs: a JSON object, @<file>, or @- for stdin')
    .addOption(jsonOption())
    .action(async function (source) {
      const { updateSource } = await import('../registry/update-source.ts');
      await updateSource(source, this.optsWithGlobals());
    });
}
