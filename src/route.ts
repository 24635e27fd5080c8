import { signal } from '@preact/signals';

export type Route =
  | { page: 'list' }
  | { page: 'new' }
  | { page: 'conversation'; id: string }
  | { page: 'settings' }
  | { page: 'trash' }
  | { page: 'attention' };

/** What an address shows; an unknown one shows the list. */
export function routeOf(path: string): Route {
  const conversation = /^\/c\/([0-9a-f-]{36})\/?$/.exec(path)?.[1];
  if (conversation !== undefined) return { page: 'conversation', id: conversation };
  switch (path.replace(/\/$/, '')) {
    case '/new':
      return { page: 'new' };
    case '/settings':
      return { page: 'settings' };
    case '/trash':
      return { page: 'trash' };
    case '/attention':
      return { page: 'attention' };
    default:
      return { page: 'list' };
  }
}

/** The address of what is shown. */
export function pathOf(route: Route): string {
  if (route.page === 'conversation') return `/c/${route.id}`;
  return route.page === 'list' ? '/' : `/${route.page}`;
}

/** Marks steps made within the app in the browser's history. */
const within = 'within';

export const route = signal<Route>(routeOf(globalThis.location?.pathname ?? '/'));

/** Shows something else, as a step that Back undoes, or in place of the present one. */
export function navigate(to: Route, how: 'step' | 'replace' = 'step'): void {
  const path = pathOf(to);
  if (how === 'replace') history.replaceState(null, '', path);
  else if (path !== location.pathname) history.pushState(within, '', path);
  route.value = to;
}

/** Whether what is shown was reached from within the app, and not by opening it; a reload does not change that. */
export function cameWithin(): boolean {
  return history.state === within;
}

/** Follows Back and Forward, and clicks on links within the app. */
export function followAddress(): void {
  addEventListener('popstate', () => {
    route.value = routeOf(location.pathname);
  });
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.origin !== location.origin || link.target || link.hasAttribute('download')) return;
    event.preventDefault();
    navigate(routeOf(link.pathname));
  });
}
