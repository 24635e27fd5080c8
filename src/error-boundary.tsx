import type { ComponentChildren } from 'preact';
import { useErrorBoundary } from 'preact/hooks';
import { words } from './words/words.ts';

/** Where a part of the page breaks, says so and offers to reload; what was written is safe with the worker. */
export function ErrorBoundary({ children }: { children: ComponentChildren }) {
  const [error] = useErrorBoundary((caught: unknown) => reportError(caught));
  if (error === undefined) return children;
  return (
    <main class="empty broken">
      <div class="empty-inner">
        <h1>{words.brokenTitle}</h1>
        <p class="quiet">{words.brokenWhy}</p>
        <p>
          <button type="button" class="button button-main" onClick={() => location.reload()}>
            {words.reload}
          </button>
        </p>
      </div>
    </main>
  );
}
