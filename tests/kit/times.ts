/** How often something is tried: `usual` in `npm test`, `long` in `npm run test:long`, which runs the files that ask. */
export function times(usual: number, long: number): number {
  return process.env['AGNES_TESTS'] === 'long' ? long : usual;
}
