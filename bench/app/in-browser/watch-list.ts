/** Runs in the page: when this many conversations were on screen for the first time, in milliseconds since 1970. */
export function whenListed(count: number): Promise<number> {
  const listed = () => document.querySelectorAll('nav[aria-label="Conversations"] li a').length >= count;
  return new Promise((resolve) => {
    const watch = new MutationObserver(() => {
      if (!listed()) return;
      watch.disconnect();
      // The frame that shows it.
      requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()));
    });
    watch.observe(document.body, { childList: true, subtree: true });
  });
}
