const outlines = {
  account: 'M10 3.5a3.25 3.25 0 1 0 0 6.5 3.25 3.25 0 0 0 0-6.5zM3.75 16.75c.7-3 3.1-4.5 6.25-4.5s5.55 1.5 6.25 4.5',
  back: 'M12 4 6 10l6 6',
  close: 'm5 5 10 10M15 5 5 15',
  copy: 'M9.25 7.25h5.5a2 2 0 0 1 2 2v5.5a2 2 0 0 1-2 2h-5.5a2 2 0 0 1-2-2v-5.5a2 2 0 0 1 2-2zM4.75 12.75a1.5 1.5 0 0 1-1.5-1.5v-6a2 2 0 0 1 2-2h6a1.5 1.5 0 0 1 1.5 1.5',
  more: 'M4.25 10h.01M10 10h.01M15.75 10h.01',
  plus: 'M10 4v12M4 10h12',
  rename: 'm12.75 4.25 3 3-8.5 8.5-3.75.75.75-3.75zM10.75 6.25l3 3',
  restore: 'M7 3.75 3.25 7.5 7 11.25M3.25 7.5h8.5a4.4 4.4 0 0 1 0 8.75H8',
  retry: 'M16 10a6 6 0 1 1-1.75-4.25L16.25 7.5M16.25 3.75V7.5H12.5',
  send: 'M10 16.25V3.75M4.75 9 10 3.75 15.25 9',
  settings:
    'M3 6.25h8M15.5 6.25H17M3 13.75h1.5M9 13.75h8M13.25 4a2.25 2.25 0 1 0 0 4.5 2.25 2.25 0 0 0 0-4.5zM6.75 11.5a2.25 2.25 0 1 0 0 4.5 2.25 2.25 0 0 0 0-4.5z',
  signOut: 'M8 3.5H5.5A1.5 1.5 0 0 0 4 5v10a1.5 1.5 0 0 0 1.5 1.5H8M12.75 6.5 16.25 10l-3.5 3.5M16.25 10H8.25',
  sync: 'M3.75 8.5A6.4 6.4 0 0 1 15 6l1.25 1.5M16.25 3.75V7.5H12.5M16.25 11.5A6.4 6.4 0 0 1 5 14l-1.25-1.5M3.75 16.25V12.5H7.5',
  trash: 'M3.5 5.5h13M7.75 5.5V3.25h4.5V5.5M5.25 5.5 6 16.75h8l.75-11.25M8.5 8.75v4.75M11.5 8.75v4.75',
  warning: 'M10 3.25 17.25 16H2.75zM10 8.25v3.5M10 13.75v.01',
} as const;

export type IconName = keyof typeof outlines;
const directed: ReadonlySet<IconName> = new Set(['back', 'restore', 'signOut']);

/** A picture beside words or in a named button; it has no name of its own. */
export function Icon({ name }: { name: IconName }) {
  const classes = `icon${directed.has(name) ? ' flip' : ''}${name === 'more' ? ' thick' : ''}`;
  return (
    <svg class={classes} viewBox="0 0 20 20" aria-hidden="true">
      <path d={outlines[name]} />
    </svg>
  );
}
