import { join } from 'node:path';
import { defineConfig } from 'vite';

/** The server for Node, into dist/server; dependencies stay where they are installed. */
export default defineConfig({
  root: join(import.meta.dirname, '..'),
  publicDir: false,
  build: {
    outDir: 'dist/server',
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    ssr: true,
    rollupOptions: {
      input: {
        main: 'server/main.ts',
        tier: 'server/operator/tier.ts',
        'delete-account': 'server/operator/delete-account.ts',
        'restore-epoch': 'server/operator/restore-epoch.ts',
      },
    },
  },
});
