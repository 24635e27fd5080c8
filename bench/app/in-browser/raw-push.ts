/** Runs in the worker: one request with everything, its answer read; how long that takes. */
export async function rawPush({
  path,
  headers,
  body,
}: {
  path: string;
  headers: Record<string, string>;
  body: string;
}): Promise<number> {
  const began = performance.now();
  const response = await fetch(path, { method: 'POST', headers, body });
  const written: unknown[] = await response.json();
  const ms = performance.now() - began;
  if (!response.ok) throw new Error(`raw's push was answered ${response.status} ${JSON.stringify(written)}`);
  return ms;
}
