import { signal } from '@preact/signals';

/** Someone wants to type at once: the composer takes the focus, now or as soon as it is there. */
export const composerWanted = signal(false);

/** Puts the focus into the composer. */
export function focusComposer(): void {
  composerWanted.value = true;
}

/** Whether taking the focus unasked is a help: with a keyboard it is, with fingers it opens one. */
export function hasKeyboard(): boolean {
  return matchMedia('(hover: hover) and (pointer: fine)').matches;
}
