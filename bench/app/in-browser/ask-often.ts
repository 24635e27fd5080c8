/** Runs in the page: asks the worker to sync this often, evenly spread; how many were answered well in the end. */
export async function askOften({ times, overMs }: { times: number; overMs: number }): Promise<number> {
  const { active } = await navigator.serviceWorker.ready;
  const began = performance.now();
  const answers: Promise<boolean>[] = [];
  const one = () =>
    new Promise<boolean>((resolve) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = ({ data }) => {
        channel.port1.close();
        resolve(data.ok);
      };
      active?.postMessage({ command: crypto.randomUUID(), ask: { do: 'sync-now' } }, [channel.port2]);
    });
  while (answers.length < times) {
    const due = Math.min(times, Math.ceil(((performance.now() - began) / overMs) * times));
    while (answers.length < due) answers.push(one());
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return (await Promise.all(answers)).filter(Boolean).length;
}
