import * as v from 'valibot';

export const IdSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/));

/** Where identifiers get their randomness: `crypto` in a browser, a seeded source in tests. */
export interface RandomBytes {
  getRandomValues(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>;
}

/** A UUIDv7: sortable by the device's time, unique by 74 random bits. */
export function newId(ms: number, random: RandomBytes): string {
  const bytes = random.getRandomValues(new Uint8Array(16));
  const time = BigInt(Math.min(Math.max(0, Math.trunc(ms)), 2 ** 48 - 1));
  for (let i = 0; i < 6; i++) bytes[i] = Number((time >> BigInt(8 * (5 - i))) & 0xffn);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The milliseconds a UUIDv7 was made at, by the clock of the device that made it. */
export function idMs(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** A device's name on the wire: 12 letters and digits. */
export function newDeviceId(random: RandomBytes): string {
  const letters = '0123456789abcdefghijklmnopqrstuvwxyz';
  let device = '';
  while (device.length < 12) {
    for (const byte of random.getRandomValues(new Uint8Array(24))) {
      if (byte < 252 && device.length < 12) device += letters[byte % 36];
    }
  }
  return device;
}
