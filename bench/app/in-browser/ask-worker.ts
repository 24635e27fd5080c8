export interface Asked {
  ok: boolean;
  /** From the message to its answer. */
  ms: number;
}

/** Runs in the page: asks the worker for something as the page does, and waits for its answer. */
export async function askWorker(ask: object): Promise<Asked> {
  const { active } = await navigator.serviceWorker.ready;
  const channel = new MessageChannel();
  return new Promise((resolve) => {
    const began = performance.now();
    channel.port1.onmessage = ({ data }) => {
      channel.port1.close();
      resolve({ ok: data.ok, ms: performance.now() - began });
    };
    active?.postMessage({ command: crypto.randomUUID(), ask }, [channel.port2]);
  });
}
