import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';

/** What went wrong, read out when it comes; the place is there before, so that it is. */
export function Trouble({ id, children }: { id?: string; children: ComponentChildren }) {
  return (
    <div class="trouble" id={id} role="alert">
      {children && (
        <>
          <Icon name="warning" />
          <span>{children}</span>
        </>
      )}
    </div>
  );
}
