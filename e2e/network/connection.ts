import { connect, type Socket } from 'node:net';
import { type Exchange, newExchange } from './exchange.ts';
import type { Fault } from './faults.ts';
import { Gate, type GateEvents } from './gate.ts';
import { HttpReader } from './http-reader.ts';
import type { Rule } from './rules.ts';

export interface ConnectionEvents {
  /** A request came in whole: which rule takes it. */
  request(exchange: Exchange): Rule | null;
  /** A rule's fault ended the connection under this request. */
  ended(exchange: Exchange, rule: Rule, how: 'reset' | 'close'): void;
}

interface Running {
  exchange: Exchange;
  rule: Rule | null;
  up: Gate;
  down: Gate;
  answer: HttpReader;
}

/**
 * One connection of a device, and its counterpart to the server, which is opened with the first byte that is let through.
 *
 *   idle → (request whole) → running → (answer whole and passed on) → idle
 *   running → (101) → tunnel
 *   any → (either side closes, or a fault ends it) → closed
 */
export class Connection {
  private readonly device: Socket;
  private readonly number: number;
  private readonly server: { host: string; port: number };
  private readonly events: ConnectionEvents;
  private upstream: Socket | null = null;
  private upstreamEnded = false;
  private incoming: Buffer[] = [];
  private request = new HttpReader('request');
  private raw: Buffer[] = [];
  private served = 0;
  private running: Running | null = null;
  private tunnel = false;
  /** What arrives while the line is dead, in order. */
  private held: (() => void)[] | null = null;

  constructor(device: Socket, number: number, server: { host: string; port: number }, events: ConnectionEvents) {
    this.device = device;
    this.number = number;
    this.server = server;
    this.events = events;
    device.on('data', (bytes) => this.arrives(() => this.fromDevice(bytes)));
    device.on('end', () => this.arrives(() => this.upstream?.end()));
    device.on('error', () => device.destroy());
    device.on('close', () => this.shut());
  }

  /** From now on nothing arrives on either side. */
  hold(): void {
    this.held ??= [];
  }

  /** What was held arrives, and what comes later. */
  resume(): void {
    const held = this.held ?? [];
    this.held = null;
    for (const arrive of held) arrive();
  }

  /** Ends it at once on both sides. */
  reset(): void {
    this.shut();
    this.upstream?.destroy();
    this.device.resetAndDestroy();
  }

  /** Ends it on both sides; what was passed on still arrives. */
  private end(how: 'reset' | 'close'): void {
    this.shut();
    // The empty write is behind what was passed on: a reset right away would overtake it.
    if (how === 'close') this.device.destroySoon();
    else this.device.write('', () => this.device.resetAndDestroy());
  }

  private arrives(arrive: () => void): void {
    if (this.held === null) arrive();
    else this.held.push(arrive);
  }

  private shut(): void {
    this.held = null;
    this.running?.up.shut();
    this.running?.down.shut();
    this.upstream?.destroySoon();
  }

  private fromDevice(bytes: Buffer): void {
    if (this.tunnel) {
      this.toServer(bytes);
      return;
    }
    this.incoming.push(bytes);
    this.nextRequest();
  }

  private nextRequest(): void {
    while (this.running === null && !this.tunnel) {
      const bytes = this.incoming.shift();
      if (bytes === undefined) return;
      const taken = this.request.take(bytes);
      this.raw.push(bytes.subarray(0, taken));
      if (taken < bytes.length) this.incoming.unshift(bytes.subarray(taken));
      if (this.request.state === 'broken') {
        this.end('reset');
        return;
      }
      if (this.request.state === 'complete') this.begin(this.request, Buffer.concat(this.raw));
    }
  }

  private begin(request: HttpReader, raw: Buffer): void {
    const exchange = newExchange(request, { bytes: raw.length, connection: this.number, reused: this.served > 0 });
    this.request = new HttpReader('request');
    this.raw = [];
    this.served += 1;
    const rule = this.events.request(exchange);
    const running: Running = {
      exchange,
      rule,
      answer: new HttpReader('answer', exchange.method === 'HEAD'),
      up: this.gate('request', exchange, rule, {
        headLength: () => request.headLength,
        send: (bytes) => this.toServer(bytes),
        done: () => undefined,
      }),
      down: this.gate('answer', exchange, rule, {
        headLength: () => running.answer.headLength,
        send: (bytes) => this.toDevice(bytes, running),
        done: () => this.done(running),
      }),
    };
    this.running = running;
    running.up.take(raw);
    running.up.finish();
  }

  private gate(
    way: 'request' | 'answer',
    exchange: Exchange,
    rule: Rule | null,
    passage: Pick<GateEvents, 'headLength' | 'send' | 'done'>,
  ): Gate {
    const fault: Fault | null = rule !== null && rule.what.on === way ? rule.what : null;
    return new Gate(fault, {
      ...passage,
      hit: () => {
        if (!exchange.repetition) rule?.hit(exchange);
      },
      end: (how) => {
        if (rule !== null) this.events.ended(exchange, rule, how);
        this.end(how);
      },
      held: (resume) => rule?.holds(resume),
    });
  }

  private done({ exchange, rule }: Running): void {
    this.running = null;
    if (rule?.what.on === 'nothing') rule.hit(exchange);
    if (this.upstreamEnded) this.device.destroySoon();
    else this.nextRequest();
  }

  private toDevice(bytes: Buffer, { exchange, answer }: Running): void {
    exchange.passedBytes += bytes.length;
    exchange.headPassed = answer.head !== null && exchange.passedBytes >= answer.headLength;
    this.device.write(bytes);
  }

  private toServer(bytes: Buffer): void {
    this.upstream ??= this.open();
    this.upstream.write(bytes);
  }

  private open(): Socket {
    const upstream = connect(this.server);
    upstream.setNoDelay(true);
    upstream.on('data', (bytes) => this.arrives(() => this.fromServer(bytes)));
    upstream.on('end', () => this.arrives(() => this.serverEnded()));
    upstream.on('error', () => this.arrives(() => this.end('reset')));
    return upstream;
  }

  private fromServer(bytes: Buffer): void {
    let left = bytes;
    while (left.length > 0) {
      const running = this.running;
      if (running === null || this.tunnel) {
        // Outside an exchange only a tunnel speaks; whatever else comes belongs to nobody.
        if (this.tunnel) this.device.write(left);
        return;
      }
      const taken = running.answer.take(left);
      running.exchange.answerBytes += taken;
      const status = Number(running.answer.head?.start.split(' ')[1] ?? 0);
      if (status > 0) running.exchange.status = status;
      if (running.answer.state === 'broken') {
        this.end('reset');
        return;
      }
      const whole = running.answer.state === 'complete';
      const part = left.subarray(0, taken);
      left = left.subarray(taken);
      if (whole && status >= 100 && status < 200 && status !== 101) {
        running.answer = new HttpReader('answer', running.exchange.method === 'HEAD');
        running.down.take(part);
        continue;
      }
      // Marked before it is passed on, so that whoever waits for the rule finds it so.
      running.exchange.answered = whole;
      if (status === 101) this.tunnel = true;
      running.down.take(part);
      if (whole) running.down.finish();
    }
  }

  private serverEnded(): void {
    this.upstreamEnded = true;
    const running = this.running;
    if (running === null) {
      this.device.destroySoon();
      return;
    }
    running.answer.ended();
    if (running.answer.state === 'complete') {
      running.exchange.answered = true;
      running.down.finish();
    } else this.end('close');
  }
}
