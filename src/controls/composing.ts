/** Whether a key belongs to a word that an input method is still composing; Safari says so of its last Enter by the code only. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}
