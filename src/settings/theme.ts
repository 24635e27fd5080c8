import { effect, signal } from '@preact/signals';
import { keepChoice } from './kept-choice.ts';

export type Theme = 'system' | 'light' | 'dark';
export const themes: readonly Theme[] = ['system', 'light', 'dark'];

/** Where public/theme.js finds it before anything is painted. */
const key = 'atlas-theme';

function chosen(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

export const theme = signal<Theme>(chosen());

/** Shows the theme now and at every start of this browser. */
export function chooseTheme(next: Theme): void {
  theme.value = next;
  if (next === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  keepChoice(key, next === 'system' ? null : next);
}

/** Colours the browser's own bars like the theme, now and whenever another is chosen. */
export function followThemeColor(): void {
  effect(() => {
    for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
      const own = meta.dataset.theme ?? '';
      const asChosen = theme.value === own ? 'all' : 'not all';
      meta.media = theme.value === 'system' ? `(prefers-color-scheme: ${own})` : asChosen;
    }
  });
}
