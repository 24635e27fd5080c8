export interface Written {
  /** From Enter to the frame that shows the message, which was stored before. */
  shown: number;
  /** From the message to the worker to its answer. */
  worker: number;
}

/** Runs in the page: types and sends one text after the other as a person does, the next when the last is on screen. */
export async function writeInPage(texts: string[]): Promise<Written[]> {
  const workerMs: number[] = [];
  const began = new Map<MessagePort, number>();
  const PlainChannel = window.MessageChannel;
  const plainPost = ServiceWorker.prototype.postMessage;
  class WatchedChannel extends PlainChannel {
    constructor() {
      super();
      const { port1, port2 } = this;
      port1.addEventListener('message', () => {
        const since = began.get(port2);
        if (since !== undefined) workerMs.push(performance.now() - since);
      });
    }
  }
  window.MessageChannel = WatchedChannel;
  ServiceWorker.prototype.postMessage = function (
    this: ServiceWorker,
    said: { ask?: { do: string } },
    ports: Transferable[],
  ) {
    const [port] = ports;
    if (said.ask?.do === 'write-message' && port instanceof MessagePort) began.set(port, performance.now());
    Reflect.apply(plainPost, this, [said, ports]);
  } as typeof plainPost;

  const box = () => document.querySelector<HTMLTextAreaElement>('textarea[aria-label="Message"]');
  const setValue = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set;
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const isShown = (text: string) => {
    const last = [...document.querySelectorAll('article[aria-label="You"] p:first-child')].at(-1);
    return box()?.value === '' && last?.textContent !== '' && text.startsWith(last?.textContent ?? '\0');
  };
  const whenShown = (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!isShown(text)) return;
        watch.disconnect();
        resolve();
      };
      const watch = new MutationObserver(look);
      watch.observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
    });

  const shownMs: number[] = [];
  for (const text of texts) {
    const composer = box();
    setValue?.call(composer, text);
    composer?.dispatchEvent(new Event('input', { bubbles: true }));
    await frame();
    const since = performance.now();
    const shown = whenShown(text);
    composer?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    await shown;
    await frame();
    shownMs.push(performance.now() - since);
  }
  window.MessageChannel = PlainChannel;
  ServiceWorker.prototype.postMessage = plainPost;
  return shownMs.map((shown, nth) => ({ shown, worker: workerMs[nth] ?? Number.NaN }));
}
