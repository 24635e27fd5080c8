import { openPglite } from './pglite-engine.ts';
import { promisesOn } from './promises.ts';

promisesOn('PGlite', openPglite);
