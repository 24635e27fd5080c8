import * as v from 'valibot';
import { HistorySchema } from '../contract/wire.ts';
import { accessFor } from './access-token.ts';
import type { HistoryServer } from './engine/ports.ts';
import { knownConfig } from './server-config.ts';
import type { Registry } from './store/registry.ts';
import { callServer } from './sync-call.ts';
import { notOpen, refusal, sendAs } from './sync-server.ts';

/** The real server's history. Where the server is, is known by now: something has left this device only after an answer. */
export function historyServer(registry: Registry): HistoryServer {
  return {
    async history(request, user, serverTime, patience) {
      const config = await knownConfig(registry);
      if (config === null) return { is: 'no-answer', lost: false };
      const access = await accessFor(registry, config, user, serverTime);
      if (access.is !== 'open') return notOpen(access.is);
      return sendAs(registry, config, access.session, async (token) => {
        // Called off while a token was on its way.
        if (patience.stop.stopped) return { is: 'no-answer', lost: false };
        const { status, data, error } = await callServer('history', config, token, request, patience);
        if (status === 0) return { is: 'no-answer', lost: false };
        if (error !== null || status >= 400) return refusal(status, error);
        const answer = v.safeParse(HistorySchema, data);
        return answer.success ? { is: 'answered', answer: answer.output } : { is: 'unreadable' };
      });
    },
  };
}
