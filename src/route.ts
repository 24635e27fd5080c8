import { signal } from '@preact/signals';

export type Route =
  | { page: 'list' }
  | { page: 'new' }
  | { page: 'conversation'; id: string }
  | { page: 'settings' }
  | { page: 'trash' };

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
    default:
      return { page: 'list' };
  }
}

/** The address of what is shown. */
export function pathOf(route: Route): string {
  if (route.page === 'conversation') return `/c/${route.id}`;
  return route.page === 'list' ? '/' : `/${route.page}`;
}

export const route = signal<Route>(routeOf(globalThis.location?.pathname ?? '/'));

/** Shows something else, as a step that Back undoes, or in place of the present one. */
export function navigate(to: Route, how: 'step' | 'replace' = 'step'): void {
  const path = pathOf(to);
  if (how === 'replace') history.replaceState(null, '', path);
  else if (path !== location.pathname) history.pushState(null, '', path);
  route.value = to;
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
