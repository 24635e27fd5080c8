import { writeFile } from 'node:fs/promises';
import { dataModelPage, describeDatabase } from './describe.ts';

const { page } = await describeDatabase();
await writeFile(dataModelPage, page);
process.stdout.write('docs/data-model.md is as the database says.\n');
