import * as v from 'valibot';
import { AnswerSchema, RefusedSchema, type SyncRequest } from '../contract/wire.ts';
import type { Outcome, Patience, Sent } from '../sw/engine/ports.ts';
import type { Draws } from './draws.ts';
import type { Life } from './life.ts';
import { type HttpAnswer, refused, type Server } from './server.ts';
import type { Turns } from './turns.ts';

/** What becomes of one request. */
export const fates = [
  'request lost',
  'answer lost',
  'slow',
  'late',
  'twice',
  'truncated',
  'lost in the server',
  400,
  401,
  403,
  413,
  426,
  429,
  500,
  503,
] as const;
export type Fate = (typeof fates)[number];

const codes: Partial<Record<number, string>> = {
  400: 'bad-request',
  401: 'auth',
  403: 'tier',
  413: 'too-large',
  426: 'too-old',
  429: 'throttled',
  503: 'busy',
};

/** One browser's way to the server: it cuts, loses, delays and repeats as it is told. */
export class Network {
  up = true;
  /** What becomes of the next requests; then all goes well. */
  readonly coming: Fate[] = [];
  /** What becomes of certain requests, by their number. */
  readonly planned = new Map<number, Fate>();
  sent = 0;
  private cuts = 0;
  private readonly turns: Turns;
  private readonly draws: Draws;
  private readonly server: Server;

  constructor(turns: Turns, draws: Draws, server: Server) {
    this.turns = turns;
    this.draws = draws;
    this.server = server;
  }

  /** Every request that is under way is cut off. */
  cut(): void {
    this.cuts += 1;
  }

  /** One request of this worker with this token. */
  post(life: Life, token: string, request: SyncRequest, patience: Patience, now: () => number): Promise<Sent> {
    if (patience.stop.stopped) return Promise.resolve({ is: 'no-answer', lost: false });
    this.sent += 1;
    const text = JSON.stringify(request);
    const body = JSON.parse(text) as SyncRequest;
    const began = this.turns.now;
    const { cuts } = this;
    return life.pending((resolve) => {
      let over = false;
      const end = (sent: Outcome) => {
        if (over) return;
        over = true;
        const bytesDown = sent.is === 'answered' ? JSON.stringify(sent.answer).length : 0;
        if (life.passes()) resolve({ ...sent, took: { ms: this.turns.now - began, bytesUp: text.length, bytesDown } });
      };
      const lost = (likely: boolean): Outcome => ({ is: 'no-answer', lost: likely });
      this.turns.after(patience.deadlineMs, () => end({ ...lost(true), late: true } as Outcome));
      patience.stop.onStop(() => end(lost(true)));
      if (!this.up) {
        this.turns.after(this.draws.below(50), () => end(lost(false)));
        return;
      }
      const fate = this.planned.get(this.sent) ?? this.coming.shift();
      if (fate === 'request lost') {
        this.turns.after(this.draws.below(5_000), () => end(lost(false)));
        return;
      }
      if (typeof fate === 'number') {
        const retryAfter = fate === 429 || fate === 503 ? this.draws.below(90) : undefined;
        // Some come from something in between, in words that are not ours.
        const ours = codes[fate] !== undefined && this.draws.chance(0.7);
        const answer = ours ? refused(fate, codes[fate] ?? '', retryAfter) : { status: fate, body: 'sorry' };
        this.turns.after(this.draws.below(300), () => end(readAnswer(answer, now())));
        return;
      }
      const arrives =
        fate === 'late' ? patience.deadlineMs + this.draws.below(3 * 86_400_000) : 5 + this.draws.below(200);
      this.turns.after(arrives, () => {
        if (fate !== 'late' && this.cuts > cuts) return end(lost(true));
        const answer = this.server.answer(token, body);
        this.comeBack(fate, answer, patience, end, now);
      });
      if (fate === 'twice') this.turns.after(arrives + this.draws.below(60_000), () => this.server.answer(token, body));
    });
  }

  private comeBack(
    fate: Fate | undefined,
    answer: HttpAnswer,
    { deadlineMs }: Patience,
    end: (sent: Outcome) => void,
    now: () => number,
  ): void {
    const { cuts } = this;
    const back = fate === 'slow' ? this.draws.below(deadlineMs + 1_000) : 5 + this.draws.below(200);
    this.turns.after(back, () => {
      if (!this.up || this.cuts > cuts || fate === 'answer lost') end({ is: 'no-answer', lost: true });
      else if (fate === 'truncated') end({ is: 'unreadable' });
      else if (fate === 'lost in the server') end(readAnswer({ status: 502, body: 'bad gateway' }, now()));
      else end(readAnswer(answer, now()));
    });
  }

  /** Something small that is asked and answered, or not: null. */
  ask<T>(life: Life, question: () => T): Promise<T | null> {
    return life.pending((resolve) => {
      const fate = this.up ? this.coming.shift() : 'request lost';
      const fails = fate !== undefined && fate !== 'slow' && fate !== 'twice';
      this.turns.after(5 + this.draws.below(300), () => {
        const answer = fate === 'answer lost' || !fails ? question() : null;
        if (life.passes()) resolve(fails ? null : answer);
      });
    });
  }
}

/** What the worker makes of an answer. */
function readAnswer({ status, body }: HttpAnswer, at: number): Outcome {
  if (status >= 400) {
    const said = v.safeParse(RefusedSchema, body);
    if (!said.success) return { is: 'refused', status, code: '', retryAfter: null };
    return { is: 'refused', status, code: said.output.code, retryAfter: said.output.retryAfter ?? null };
  }
  const answer = v.safeParse(AnswerSchema, body);
  return answer.success ? { is: 'answered', answer: answer.output, at } : { is: 'unreadable' };
}
