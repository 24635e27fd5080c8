import { build } from 'vite';

const root = new URL('../..', import.meta.url).pathname;

/** Modules of the app put together as the build does; `name` is the global that has their exports where it is one script. */
export async function bundle(entry: string, name?: string): Promise<string> {
  const virtual = '\0entry.ts';
  const built = await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'bench-entry',
        enforce: 'pre',
        // It is asked for as a file of the root.
        resolveId: (id) => (id.endsWith('bench-entry') ? virtual : null),
        load: (id) => (id === virtual ? entry : null),
      },
    ],
    build: {
      write: false,
      target: 'es2023',
      lib: { entry: 'bench-entry', formats: [name === undefined ? 'es' : 'iife'], name: name ?? 'unnamed' },
    },
  });
  const outputs = [built].flat().flatMap((one) => ('output' in one ? one.output : []));
  return outputs.map((one) => (one.type === 'chunk' ? one.code : '')).join('');
}
