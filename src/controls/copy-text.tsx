import { useEffect, useState } from 'preact/hooks';
import { words } from '../words/words.ts';
import { Icon } from './icon.tsx';

const saidMs = 3_000;

/** A button that puts a text into the clipboard, and says whether it did. */
export function CopyText({ text }: { text: string }) {
  const [said, say] = useState<string | null>(null);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => say(null), saidMs);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      say(words.copied);
    } catch (error) {
      // The browser or the person did not allow it.
      if (!(error instanceof DOMException)) throw error;
      say(words.notCopied);
    }
  };
  return (
    <>
      <button type="button" class="button button-small" onClick={() => void copy()}>
        <Icon name="copy" />
        {words.copyText}
      </button>
      <span class="copy-said small quiet" aria-live="polite">
        {said}
      </span>
    </>
  );
}
