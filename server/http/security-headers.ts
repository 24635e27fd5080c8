const builtInSupabase: unknown = import.meta.env?.VITE_SUPABASE_URL;

/** Where a page built for a hosted project speaks to: its requests and its realtime channel. */
export function hostedSources(url: unknown): string[] {
  if (typeof url !== 'string' || !URL.canParse(url)) return [];
  const { origin } = new URL(url);
  return [origin, origin.replace(/^http/, 'ws')];
}

const policy = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:', 'blob:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'", ...hostedSources(builtInSupabase)],
  'manifest-src': ["'self'"],
  'worker-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
};

/** On every answer. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources.join(' ')}`)
    .join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
