import { signal } from '@preact/signals';

/** What the browser says; true does not mean that the server can be reached. */
export const online = signal(navigator.onLine);

/** Follows the browser's word on the network. */
export function followConnectivity(): void {
  const look = () => {
    online.value = navigator.onLine;
  };
  addEventListener('online', look);
  addEventListener('offline', look);
}
