import { expect, test } from 'vitest';
import { pathOf, type Route, routeOf } from './route.ts';

const id = '01900000-0000-7000-8000-000000000001';

test('every screen has an address that shows it again', () => {
  const routes: Route[] = [
    { page: 'list' },
    { page: 'new' },
    { page: 'conversation', id },
    { page: 'settings' },
    { page: 'trash' },
    { page: 'attention' },
  ];
  for (const route of routes) expect(routeOf(pathOf(route))).toEqual(route);
});

test('a slash at the end does not matter, and an unknown address shows the list', () => {
  expect(routeOf(`/c/${id}/`)).toEqual({ page: 'conversation', id });
  expect(routeOf('/settings/')).toEqual({ page: 'settings' });
  expect(routeOf('/c/nonsense')).toEqual({ page: 'list' });
  expect(routeOf('/somewhere')).toEqual({ page: 'list' });
});
