import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Bytes after gzip of what the built worker has from sw/engine: none of the libraries, not what it shares with the page. */
export async function measureEngineSize(): Promise<number> {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2023',
      lib: { entry: 'sw/service-worker.ts', formats: ['es'] },
      rolldownOptions: {
        preserveEntrySignatures: false,
        output: {
          codeSplitting: {
            includeDependenciesRecursively: false,
            groups: [{ name: 'engine', test: /\/sw\/engine\// }],
          },
        },
      },
    },
  });
  const chunks = [built].flat().flatMap((one) => ('output' in one ? one.output : []));
  const engine = chunks.find((chunk) => chunk.type === 'chunk' && chunk.name === 'engine');
  if (engine?.type !== 'chunk') throw new Error('the worker has no engine');
  return gzipSync(engine.code, { level: 9 }).length;
}
