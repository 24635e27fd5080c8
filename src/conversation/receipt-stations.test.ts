import { expect, test } from 'vitest';
import { receiptStations } from './receipt-stations.ts';

test('the receipt tells when a message was saved and sent', () => {
  expect(receiptStations({ savedAt: 1, sentAt: 2, state: 'sent' }, true)).toEqual([
    { words: 'Saved on this device', at: 1 },
    { words: 'Sent', at: 2 },
  ]);
});

test('a message that waits has not reached the second station', () => {
  expect(receiptStations({ savedAt: 1, sentAt: null, state: 'saved' }, true)[1]).toEqual({ words: 'Sent', at: null });
});

test('where nothing is ever sent the receipt does not speak of sending', () => {
  expect(receiptStations({ savedAt: 1, sentAt: null, state: 'saved' }, false)).toHaveLength(1);
});

test('a message from another device was never saved on this one', () => {
  expect(receiptStations({ savedAt: null, sentAt: 2, state: 'sent' }, true)).toEqual([
    { words: 'Sent', at: 2, note: 'written on another device' },
  ]);
});
