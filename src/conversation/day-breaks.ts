import { dayName } from '../words/times.ts';

/** The day to name above each message, or null where it is still the same day. */
export function dayBreaks(messages: readonly { at: number }[], now: number): (string | null)[] {
  let said = '';
  return messages.map((message) => {
    const name = dayName(message.at, now);
    if (name === said) return null;
    said = name;
    return name;
  });
}
