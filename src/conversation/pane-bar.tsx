import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../controls/icon.tsx';
import { SyncStatus } from '../sync/sync-status.tsx';
import { words } from '../words/words.ts';
import { paneHeading } from './pane-heading.ts';

interface PaneBarProps {
  title: string;
  /** Stands in place of the title while it is being changed. */
  editing?: ComponentChildren;
  children?: ComponentChildren;
}

/** The bar above what is read: the way back on a phone, the title, and what can be done. */
export function PaneBar({ title, editing, children }: PaneBarProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    paneHeading.current = heading.current;
  });
  useEffect(() => {
    document.title = `${title} · ${words.app}`;
    return () => {
      document.title = words.app;
    };
  }, [title]);
  return (
    <header class="bar">
      <a class="button button-icon to-list" href="/" aria-label={words.conversations} title={words.conversations}>
        <Icon name="back" />
      </a>
      <div class="bar-text">
        <h1 class={editing ? 'visually-hidden' : 'bar-title'} ref={heading} tabIndex={-1} dir="auto">
          {title}
        </h1>
        {editing}
        <SyncStatus />
      </div>
      {children}
    </header>
  );
}
