import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { offlineFiles, SERVICE_WORKER } from './build/offline-files.ts';
import { wordsAsData } from './build/words-as-data.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The console as files that the bridge serves; `npm run build` makes them in `console/dist`. */
export default defineConfig({
  root: here('.'),
  plugins: [wordsAsData(), offlineFiles()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // Nothing is put into the page itself: its policy lets no script or style stand in it, and pictures are files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: { index: here('index.html'), 'service-worker': here('service-worker/service-worker.ts') },
      output: { entryFileNames: ({ name }) => (name === 'service-worker' ? SERVICE_WORKER : 'assets/[name]-[hash].js') },
    },
  },
});
