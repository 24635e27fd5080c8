import { signal } from '@preact/signals';
import { keepChoice, readChoice } from './kept-choice.ts';

const key = 'atlas-single-keys';

/** Whether a single key does something. Who speaks or whose hand trembles can turn it off. */
export const singleKeys = signal(readChoice(key) !== 'off');

/** Turns single keys on or off, now and at every start of this browser. */
export function chooseSingleKeys(on: boolean): void {
  singleKeys.value = on;
  keepChoice(key, on ? null : 'off');
}
