import { signal } from '@preact/signals';

/** The device's time, renewed often enough for words like "3 min ago". */
export const now = signal(Date.now());

/** Keeps the time fresh while the page is visible. */
export function keepTime(): void {
  const renew = () => {
    if (document.visibilityState === 'visible') now.value = Date.now();
  };
  setInterval(renew, 15_000);
  document.addEventListener('visibilitychange', renew);
}
