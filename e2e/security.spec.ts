import { expect, test } from './fixtures/atlas-test.ts';

test('the page may load and run only what is the app’s own', async ({ server }) => {
  const response = await fetch(server.address);
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toContain('unsafe');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
});

test('no screen breaks the content security policy, and none loads anything from elsewhere', async ({
  device,
  person,
}) => {
  const a = await device();
  const elsewhere: string[] = [];
  a.context.on('request', (request) => {
    if (!request.url().startsWith(a.network.address)) elsewhere.push(request.url());
  });
  await a.signsIn(person);
  await a.writes('<img src=x onerror=alert(1)> & <b>bold</b>');
  await a.sees('<img src=x onerror=alert(1)> & <b>bold</b>');
  await a.renames('<script>alert(1)</script>');
  for (const path of ['/settings', '/trash', '/']) await a.page.goto(`${a.network.address}${path}`);
  await a.seesConversation('<script>alert(1)</script>');
  expect(elsewhere).toEqual([]);
});

test('a violation of the policy does not go unnoticed in these tests', async ({ device }) => {
  const a = await device();
  a.console.expect(/Content Security Policy/);
  await a.page.evaluate(() => {
    document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.1:9/elsewhere.png' }));
  });
  await expect.poll(() => a.console.heard.join()).toContain('Content Security Policy');
});
