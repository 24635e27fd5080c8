import { App } from '@supabase/lite';
import type { Keys } from './data/keys.ts';
import type { Database } from './database/database.ts';

export interface Supabase {
  fetch(request: Request, peerAddress: string | null): Promise<Response>;
}

/** The embedded Supabase: sign-in under /auth/v1 and the database's public functions under /rest/v1. */
export async function openSupabase(database: Database, keys: Keys): Promise<Supabase> {
  const app = new App({
    connection: database.connection,
    api: { enabled: true, schemas: ['public'], max_rows: 1_000 },
    auth: {
      enabled: true,
      enable_signup: true,
      jwt_secret: keys.jwtSecret,
      publishable_key: keys.publishableKey,
      secret_key: keys.secretKey,
      jwt_expiry: 3_600,
      enable_refresh_token_rotation: true,
      refresh_token_reuse_interval: 10,
      minimum_password_length: 8,
      email: { enable_signup: true, enable_confirmations: false },
    },
    storage: { enabled: false },
    studio: { enabled: false },
    options: { server: { admin: false, disableStudio: true, disableFallback: true } },
  });
  await app.init();
  await app.ensureSystemSchema();
  return { fetch: (request, peerAddress) => database.inTurn(() => app.fetch(request, { peerAddress })) };
}
