import { signal } from '@preact/signals';

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
  try {
    if (next === 'system') localStorage.removeItem(key);
    else localStorage.setItem(key, next);
  } catch (error) {
    // Site data is blocked: the choice lasts as long as the page.
    if (!(error instanceof DOMException)) throw error;
  }
}
