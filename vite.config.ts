import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

/** The page and its worker, into dist/app. */
export default defineConfig({
  build: { outDir: 'dist/app', target: 'es2023', sourcemap: false, modulePreload: { polyfill: false } },
  resolve: { alias: { '@supabase/storage-js': fileURLToPath(new URL('sw/without-storage.ts', import.meta.url)) } },
  plugins: [
    preact({ devToolsEnabled: false }),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'sw',
      filename: 'service-worker.ts',
      registerType: 'prompt',
      injectRegister: false,
      manifest: false,
      injectManifest: { globPatterns: ['**/*.{js,css,html,svg,png,webmanifest}'], target: 'es2023' },
      devOptions: { enabled: true, type: 'module', navigateFallback: 'index.html' },
    }),
  ],
});
