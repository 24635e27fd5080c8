import * as v from 'valibot';
import type { Registry, ServerConfig } from './store/registry.ts';

const ConfigSchema = v.object({ supabaseUrl: v.string(), publishableKey: v.pipe(v.string(), v.minLength(1)) });
const deadlineMs = 10_000;

/** An address of the page's own server may be left out. */
function withAddress(config: ServerConfig): ServerConfig {
  return { ...config, supabaseUrl: config.supabaseUrl === '' ? location.origin : config.supabaseUrl };
}

function builtIn(): ServerConfig | null {
  const { VITE_SUPABASE_URL: supabaseUrl, VITE_SUPABASE_ANON_KEY: publishableKey } = import.meta.env;
  return supabaseUrl && publishableKey ? { supabaseUrl, publishableKey } : null;
}

/** Where the server is, as known without asking; null if it was never learned. */
export async function knownConfig(registry: Registry): Promise<ServerConfig | null> {
  const config = builtIn() ?? (await registry.config());
  return config && withAddress(config);
}

/** Where the server is, asked for anew and kept; what is known already where it cannot be asked. */
export async function learnConfig(registry: Registry): Promise<ServerConfig | null> {
  if (builtIn() === null) {
    const config = await fetchConfig();
    if (config !== null) await registry.keepConfig(config);
  }
  return knownConfig(registry);
}

async function fetchConfig(): Promise<ServerConfig | null> {
  try {
    const response = await fetch('/config.json', { cache: 'no-store', signal: AbortSignal.timeout(deadlineMs) });
    if (!response.ok) return null;
    const parsed = v.safeParse(ConfigSchema, await response.json());
    return parsed.success ? parsed.output : null;
  } catch (error) {
    // No network, a deadline passed, or no JSON: the caller goes on with what is known.
    if (error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError) return null;
    throw error;
  }
}
