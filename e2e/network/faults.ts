/**
 * How a connection ends at a cut: `reset` (RST, as when a route vanishes), `close` (FIN, as when a server quits in the
 * middle), `stall` (nothing more comes and nobody says so, as in a tunnel; a rule's `release` lets the rest through).
 */
export type End = 'reset' | 'close' | 'stall';

/** A byte of a message, counted from its beginning or from that of its body. */
export type Place = number | { ofBody: number };

/** What happens to one request, on its way to the server or on the answer's way back. */
export type Fault =
  | { on: 'nothing' }
  | { on: 'request' | 'answer'; does: 'cut'; after: Place; end: End; whenWhole: boolean }
  | { on: 'request' | 'answer'; does: 'delay'; ms: number }
  | { on: 'request' | 'answer'; does: 'slow'; bytesPerSecond: number };

/** Nothing happens; its rule fires when the answer has gone through completely. */
export function pass(): Fault {
  return { on: 'nothing' };
}

/** The server gets the request up to `after` and no more; with 0 it hears nothing at all. */
export function cutRequest(after: Place = 0, end: End = 'reset'): Fault {
  return { on: 'request', does: 'cut', after, end, whenWhole: false };
}

/** The device gets the answer up to `after` and no more. Fires when the next byte comes. */
export function cutAnswer(after: Place = 0, end: End = 'reset'): Fault {
  return { on: 'answer', does: 'cut', after, end, whenWhole: false };
}

/** The server has answered completely and nothing of it reaches the device: applied, but nobody here knows. */
export function loseAnswer(end: End = 'reset'): Fault {
  return { on: 'answer', does: 'cut', after: 0, end, whenWhole: true };
}

/** The request waits here before it goes on to the server. */
export function delayRequest(ms: number): Fault {
  return { on: 'request', does: 'delay', ms };
}

/** The answer waits here before it goes on to the device. */
export function delayAnswer(ms: number): Fault {
  return { on: 'answer', does: 'delay', ms };
}

/** The request trickles to the server. */
export function slowRequest(bytesPerSecond: number): Fault {
  return { on: 'request', does: 'slow', bytesPerSecond };
}

/** The answer trickles to the device. */
export function slowAnswer(bytesPerSecond: number): Fault {
  return { on: 'answer', does: 'slow', bytesPerSecond };
}
