import { type Account, firstRequest, pullRequest, pushRequest } from './atlas-requests.ts';
import { lookAt, type Touched } from './look-at-call.ts';
import { naiveFunctions } from './naive-requests.ts';
import type { Sql } from './open-server.ts';

/** What one request of ours touches. */
export function lookAtAtlas(sql: Sql, user: string, request: () => string): Promise<Touched> {
  return lookAt(sql, user, () => [['public.sync($1::text::json)', request()]]);
}

/** What every request of ours that is measured touches. */
export async function lookAtEveryRequest(sql: Sql, epoch: string, account: Account) {
  const push = (messages: number) => () =>
    pushRequest(
      epoch,
      account,
      Array.from({ length: messages }, () => 'The train leaves at nine.'),
    );
  return {
    idle: await lookAtAtlas(sql, account.id, () => pullRequest(epoch, account.head)),
    'one new': await lookAtAtlas(sql, account.id, () => pullRequest(epoch, account.head - 2)),
    'first sync': await lookAtAtlas(sql, account.id, () => firstRequest(epoch, null)),
    'push of 1': await lookAtAtlas(sql, account.id, push(1)),
    'push of 20': await lookAtAtlas(sql, account.id, push(20)),
  };
}

/** What the three requests of a naive delta and the requests of a full sync touch. */
export async function lookAtNaive(sql: Sql, account: Account, before: string, after: string) {
  const functions = naiveFunctions('naive');
  const expression = (name: string) => functions[`naive ${name}`] ?? '';
  const delta = (since: string) => () =>
    ['conversations', 'messages', 'account'].map((list): [string, string] => [
      expression(list).replace('$1', '$1::text'),
      since,
    ]);
  const full = (): [string, string | null][] => [
    [expression('list'), null],
    ...account.conversations.map((id): [string, string] => [expression('conversation').replace('$1', '$1::text'), id]),
  ];
  return {
    idle: await lookAt(sql, account.id, delta(after)),
    'one new': await lookAt(sql, account.id, delta(before)),
    'full sync': await lookAt(sql, account.id, full),
  };
}
