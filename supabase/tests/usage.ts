import { describe, expect, test } from 'vitest';
import type { Database } from './database.ts';
import { conversation, id, message, newDevice, purge } from './device.ts';

/** What was said live counts, once; nothing else does. */
export function usage(open: () => Database): void {
  async function account() {
    const user = await open().signUp();
    const device = newDevice(open().asUser(user));
    await device.sync();
    const plans = id();
    await device.sync([conversation(plans)]);
    return { user, device, plans };
  }
  const daily = (user: string) =>
    open().look(
      `select messages, answers, tokens::int, cost_micros::int as cost from atlas.daily_usage where user_id = $1 order by day`,
      [user],
    );
  const counted = (user: string) =>
    open().look(
      'select messages, answers, tokens::int, cost_micros::int as cost from atlas.recount_usage($1) order by day',
      [user],
    );
  const imported = (op: ReturnType<typeof message>, origin: 'import' | 'backfill') => ({ ...op, origin });

  describe('usage', () => {
    test('counts each live message once, however often it is sent, edited or purged', async () => {
      const { user, device, plans } = await account();
      const ops = [message(plans, 'One'), message(plans, 'Two'), message(plans, 'Answer', { role: 'assistant' })];
      await device.sync(ops);
      const once = [{ messages: 2, answers: 1, tokens: 0, cost: 0 }];
      expect(await daily(user)).toEqual(once);
      await device.sync(ops);
      await newDevice(open().asUser(user)).sync();
      await device.sync([message(plans, 'Edited', { id: ops[0]?.id ?? '' })]);
      await device.sync([purge('message', ops[1]?.id ?? ''), purge('conversation', plans)]);
      expect(await daily(user)).toEqual(once);
      expect(await counted(user)).toEqual(once);
    });

    test('is untouched by imports, by what is brought back, and by what is refused', async () => {
      const { user, device, plans } = await account();
      await device.sync([
        imported(message(plans, 'Imported'), 'import'),
        imported(message(plans, 'Brought back'), 'backfill'),
        message(id(), 'Nowhere'),
      ]);
      expect(await daily(user)).toEqual([]);
      await open().look(
        `insert into atlas.messages (user_id, id, conversation, role, text) values ($1, $2, $3, 'user', 'By hand')`,
        [user, id(), plans],
      );
      expect(await daily(user)).toEqual([]);
    });

    test('counts what an answer took, and its conversation does too', async () => {
      const { user, device, plans } = await account();
      const answer = `insert into atlas.messages (user_id, id, conversation, role, origin, text, tokens, cost_micros)
        values ($1, $2, $3, 'assistant', 'live', 'An answer', 1200, 3400)`;
      await open().look(answer, [user, id(), plans]);
      const second = id();
      await open().look(answer, [user, second, plans]);
      expect(await daily(user)).toEqual([{ messages: 0, answers: 2, tokens: 2400, cost: 6800 }]);
      expect(await counted(user)).toEqual(await daily(user));
      const tokens = () =>
        open().look('select total_tokens::int as n from atlas.conversations where user_id = $1', [user]);
      expect(await tokens()).toEqual([{ n: 2400 }]);
      await device.sync([purge('message', second)]);
      expect(await tokens()).toEqual([{ n: 1200 }]);
      expect(await daily(user)).toEqual([{ messages: 0, answers: 2, tokens: 2400, cost: 6800 }]);
    });

    test('stops answers when the budget of the day is spent', async () => {
      const { user, plans } = await account();
      const left = async () => (await open().look('select atlas.budget_left($1)::int as n', [user]))[0]?.n;
      expect(await left()).toBe(null);
      await open().look(`update atlas.tiers set daily_budget_micros = 5000 where tier = 'studio'`);
      try {
        expect(await left()).toBe(5000);
        await open().look(
          `insert into atlas.messages (user_id, id, conversation, role, origin, text, cost_micros)
           values ($1, $2, $3, 'assistant', 'live', 'An answer', 4000), ($1, $4, $3, 'assistant', 'live', 'Another', 4000)`,
          [user, id(), plans, id()],
        );
        expect(await left()).toBe(0);
      } finally {
        await open().look(`update atlas.tiers set daily_budget_micros = null where tier = 'studio'`);
      }
    });
  });
}
