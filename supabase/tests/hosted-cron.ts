import { describe, expect, test } from 'vitest';
import type { Database } from './database.ts';

/** Where the database has a clock of its own, it does the maintenance. */
export function cron(open: () => Database): void {
  describe('pg_cron', () => {
    test('is told to do the maintenance, as the migration role, and what it is told to run runs', async () => {
      const jobs = await open().look(`select jobname, username, command, active from cron.job order by jobname`);
      expect(jobs).toMatchObject([{ jobname: 'atlas-load' }, { jobname: 'atlas-maintain' }]);
      for (const { username, command, active } of jobs) {
        expect({ username, active }).toEqual({ username: 'project_owner', active: true });
        await open().hold('', async (session) => {
          await session.script(`reset role; set local role ${username}`);
          await session.script(String(command));
        });
      }
    });
  });
}
