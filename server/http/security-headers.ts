const builtInSupabase: unknown = import.meta.env?.VITE_SUPABASE_URL;

/** Where a page built for a hosted project speaks to: its requests and its realtime channel. */
export function hostedSources(url: unknown): string[] {
  if (typeof url !== 'string' || !URL.canParse(url)) return [];
  const { origin } = new URL(url);
  return [origin, origin.replace(/^http/, 'ws')];
}

/** A host as browsers send it; what looks otherwise gets into no header. */
const plainHost = /^([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d+)?$/i;

/** Not every browser takes 'self' for WebSockets. */
function ownSockets(host: string | undefined): string[] {
  return host !== undefined && plainHost.test(host) ? [`ws://${host}`, `wss://${host}`] : [];
}

const policy = (host: string | undefined) => ({
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:', 'blob:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'", ...ownSockets(host), ...hostedSources(builtInSupabase)],
  'manifest-src': ["'self'"],
  'worker-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
});

/** On every answer; the host is the one that was asked for. */
export function securityHeaders(host: string | undefined): Readonly<Record<string, string>> {
  const directives = Object.entries(policy(host)).map(([directive, sources]) => `${directive} ${sources.join(' ')}`);
  return { ...fixed, 'content-security-policy': directives.join('; ') };
}

const fixed = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
