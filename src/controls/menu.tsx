import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icon.tsx';

export interface MenuItem {
  icon: IconName;
  words: string;
  act: () => void;
}

interface MenuButtonProps {
  /** Name of the button and of its menu. */
  name: string;
  icon: IconName;
  items: MenuItem[];
  /** Stands above the items. */
  head?: ComponentChildren;
}

/** A button that opens a menu: arrows move, Escape and a press elsewhere close, focus comes back to the button. */
export function MenuButton({ name, icon, items, head }: MenuButtonProps) {
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  const itemElements = () => [...(place.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];

  useEffect(() => {
    if (!open) return;
    itemElements()[0]?.focus();
    const closeOutside = (event: Event) => {
      if (event.target instanceof Node && !place.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, [open]);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const all = itemElements();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const targets: Record<string, number> = {
      ArrowDown: (at + 1) % all.length,
      ArrowUp: (at - 1 + all.length) % all.length,
      Home: 0,
      End: all.length - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) all[target]?.focus();
    else if (event.key === 'Escape') close();
    else if (event.key === 'Tab') setOpen(false);
    else return;
    if (event.key !== 'Tab') event.preventDefault();
  };

  return (
    <div class="menu-place" ref={place}>
      <button
        type="button"
        class="button button-icon"
        ref={button}
        aria-label={name}
        title={name}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        <Icon name={icon} />
      </button>
      {open && (
        <div class="menu floating" id={id} role="menu" aria-label={name} tabIndex={-1} onKeyDown={onKeyDown}>
          {head && (
            <div class="menu-head" role="none">
              {head}
            </div>
          )}
          {items.map((item) => (
            <button
              key={item.words}
              type="button"
              role="menuitem"
              tabIndex={-1}
              onClick={() => {
                close();
                item.act();
              }}
            >
              <Icon name={item.icon} />
              {item.words}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
