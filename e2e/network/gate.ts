import type { End, Fault, Place } from './faults.ts';

const tickMs = 20;

export interface GateEvents {
  /** Bytes of the message's head; 0 until they are known. */
  headLength(): number;
  /** Passes bytes on. */
  send(bytes: Buffer): void;
  /** The fault takes effect. */
  hit(): void;
  /** The connection is to end like this, after what was sent. */
  end(how: 'reset' | 'close'): void;
  /** Everything of the message has been passed on. */
  done(): void;
  /** How to go on after a stall. */
  held(resume: () => void): void;
}

/**
 * The bytes of one message on their way through, with at most one fault.
 *
 *   open → (the cut's byte) → over, or held → open
 *   open → (first byte, delay) → held → open
 *   open → (first byte, slow) → trickling until all is through
 */
export class Gate {
  private state: 'open' | 'held' | 'trickling' | 'over' = 'open';
  private waiting = Buffer.alloc(0);
  private passed = 0;
  private whole = false;
  private timer: NodeJS.Timeout | null = null;
  private fault: Fault | null;
  private readonly events: GateEvents;

  constructor(fault: Fault | null, events: GateEvents) {
    this.fault = fault;
    this.events = events;
  }

  /** Takes bytes of the message. */
  take(bytes: Buffer): void {
    this.waiting = Buffer.concat([this.waiting, bytes]);
    this.flow();
  }

  /** The message is complete. */
  finish(): void {
    this.whole = true;
    this.flow();
  }

  /** Nothing more goes through. */
  shut(): void {
    this.state = 'over';
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private flow(): void {
    if (this.state !== 'open') return;
    const fault = this.fault;
    if (fault === null || fault.on === 'nothing') this.passAll();
    else if (fault.does === 'cut') this.flowToCut(fault);
    else if (this.waiting.length > 0) {
      this.events.hit();
      if (fault.does === 'delay') {
        this.state = 'held';
        this.timer = setTimeout(() => this.resume(), fault.ms);
      } else {
        this.state = 'trickling';
        this.trickle(Math.max(1, Math.round((fault.bytesPerSecond * tickMs) / 1000)));
      }
    }
  }

  private flowToCut(fault: { after: Place; end: End; whenWhole: boolean }): void {
    if (fault.whenWhole && !this.whole) return;
    const room = this.placeOf(fault.after) - this.passed;
    this.pass(Math.min(room, this.waiting.length));
    if (this.waiting.length === 0) {
      if (this.whole) this.passAll();
      return;
    }
    if (fault.end === 'stall') {
      this.state = 'held';
      this.events.held(() => this.resume());
    } else {
      this.state = 'over';
      this.events.end(fault.end);
    }
    this.events.hit();
  }

  private placeOf(after: Place): number {
    if (typeof after === 'number') return after;
    const head = this.events.headLength();
    return head === 0 ? Number.POSITIVE_INFINITY : head + after.ofBody;
  }

  private resume(): void {
    if (this.state !== 'held') return;
    this.fault = null;
    this.state = 'open';
    this.passAll();
  }

  private trickle(bytes: number): void {
    this.pass(Math.min(bytes, this.waiting.length));
    if (this.whole && this.waiting.length === 0) {
      this.state = 'over';
      this.events.done();
    } else this.timer = setTimeout(() => this.trickle(bytes), tickMs);
  }

  private passAll(): void {
    this.pass(this.waiting.length);
    if (!this.whole) return;
    this.state = 'over';
    this.events.done();
  }

  private pass(count: number): void {
    if (count <= 0) return;
    this.events.send(this.waiting.subarray(0, count));
    this.waiting = this.waiting.subarray(count);
    this.passed += count;
  }
}
