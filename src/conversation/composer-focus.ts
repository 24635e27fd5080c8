import { signal } from '@preact/signals';
import { paneHeading } from './pane-heading.ts';

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

/** Whether the only way to point is a finger, so that the keyboard is one on the screen. */
export function hasOnlyTouch(): boolean {
  return matchMedia('(pointer: coarse)').matches && !matchMedia('(any-pointer: fine)').matches;
}

/**
 * What was pressed is gone: the focus goes to where one types, or to the heading where there is no such place or typing
 * would open a keyboard.
 */
export function focusPane(): void {
  if (hasKeyboard() && document.querySelector('.composer')) focusComposer();
  else paneHeading.current?.focus();
}
