import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const packageRoot = fileURLToPath(new URL('..', import.meta.url));

export default defineConfig(({ command }) => ({
  root: fileURLToPath(new URL('.', import.meta.url)),
  cacheDir: `${packageRoot}dist/.vite`,
  plugins: [react(), command === 'build' && buildForProduction()],
  build: {
    outDir: `${packageRoot}dist/web`,
    emptyOutDir: true,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
  },
}));

/** The build is the one that ships also when a test run asks for it: Vite would take `NODE_ENV=test` for development. */
function buildForProduction(): Plugin {
  const callers = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  return {
    name: 'build-for-production',
    closeBundle() {
      if (callers === undefined) delete process.env['NODE_ENV'];
      else process.env['NODE_ENV'] = callers;
    },
  };
}
