/** Runs in the page: which database the worker says is to be read. */
export async function askStanding(): Promise<{ database: string }> {
  const { active } = await navigator.serviceWorker.ready;
  const channel = new MessageChannel();
  const ask = { do: 'hello', visible: true, online: true };
  return new Promise((resolve) => {
    channel.port1.onmessage = ({ data }) => resolve(data.standing);
    active?.postMessage({ command: crypto.randomUUID(), ask }, [channel.port2]);
  });
}
