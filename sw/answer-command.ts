import * as v from 'valibot';
import {
  type CommandEnvelope,
  CommandEnvelopeSchema,
  type CommandError,
  type Reply,
} from '../contract/page-messages.ts';
import { standingOf } from './open-accounts.ts';
import { type CommandParts, type Done, perform } from './perform-command.ts';

/** Answers what a page posted; resolves when everything that follows from it is over. */
export type AnswerCommand = (data: unknown, page: string, reply: (reply: Reply) => void) => Promise<void>;

/**
 * Answers commands of pages, when what was asked for is durable. A repeat that comes while the first is under way gets the
 * same answer; one that comes later is done again, which changes nothing.
 */
export function commandAnswerer(parts: CommandParts): AnswerCommand {
  const underWay = new Map<string, Promise<Done>>();

  async function answer(envelope: CommandEnvelope, page: string): Promise<Done> {
    const known = underWay.get(envelope.command);
    if (known !== undefined) return { error: (await known).error, after: () => Promise.resolve() };
    const done = perform(parts, envelope, page);
    underWay.set(envelope.command, done);
    try {
      return await done;
    } finally {
      underWay.delete(envelope.command);
    }
  }

  async function answered(envelope: CommandEnvelope, page: string): Promise<{ said: Reply; after(): Promise<void> }> {
    const to = envelope.command;
    try {
      const { error, after } = await answer(envelope, page);
      if (error !== null) return { said: { to, ok: false, error }, after };
      const standing = standingOf((await parts.accounts.current()).account, parts.notices);
      parts.notices.know(standing);
      return { said: { to, ok: true, standing }, after };
    } catch (error) {
      const code = storageError(error);
      if (code === null) throw error;
      return { said: { to, ok: false, error: code, detail: String(error) }, after: () => Promise.resolve() };
    }
  }

  /** A heartbeat comes often and with nothing new: no database is opened for it. */
  function answeredFromMemory(
    { command: to, ask }: CommandEnvelope,
    page: string,
    reply: (said: Reply) => void,
  ): boolean {
    const standing = parts.notices.standing();
    if (ask.do !== 'hello' || standing === null || !parts.pages.heard(page, ask)) return false;
    reply({ to, ok: true, standing });
    parts.lookAtAlarm();
    return true;
  }

  return async (data, page, reply) => {
    const parsed = v.safeParse(CommandEnvelopeSchema, data);
    if (!parsed.success) {
      const to = commandId(data);
      if (to !== null) reply({ to, ok: false, error: 'bad-command', detail: v.summarize(parsed.issues) });
      return;
    }
    if (answeredFromMemory(parsed.output, page, reply)) return;
    const { said, after } = await answered(parsed.output, page);
    reply(said);
    await after();
  };
}

function commandId(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('command' in data)) return null;
  return typeof data.command === 'string' ? data.command : null;
}

function storageError(error: unknown): CommandError | null {
  if (!(error instanceof DOMException)) return null;
  return error.name === 'QuotaExceededError' ? 'storage-full' : 'storage';
}
