/**
 * The network between one device and a server, as a test wants it: a TCP proxy on a port of its own that knows where
 * each HTTP request and answer begins and ends, and harms the chosen one at the chosen byte.
 *
 *   const network = await openNetwork('http://127.0.0.1:4321');
 *   // the browser goes to network.address
 *
 *   const lost = network.when('POST /rest/v1/rpc/sync', loseAnswer());   // the next one; { times: 3 }, { times: Infinity }
 *   await lost.fired();                                                  // the server has applied it
 *   const held = network.when(sync, cutRequest(0, 'stall'));
 *   await held.fired();                                                  // it is on its way, the server knows nothing
 *   held.release();                                                      // it goes on
 *
 *   await network.down('refuse');                                        // or 'reset', 'stall'
 *   await network.up();
 *   await network.normal();                                              // up, and no more rules
 *
 *   network.requests('POST /rest/v1/rpc/sync').length                    // how many there were
 *
 * The faults are in faults.ts. Of several rules the oldest that is not used up takes a request; `pass()` lets one by, so
 * rules written one below the other are a script. A request is taken in whole before any of it goes on, so a rule may
 * ask for anything in it; an answer goes on as it comes. A request that no rule takes goes through unharmed.
 *
 * A browser repeats a request by itself when a connection that it kept from before ends before the answer began. The app
 * would never notice the fault, so the rule that ended the connection does the same to that repetition; it is no new hit.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { Connection } from './connection.ts';
import { type Exchange, isRepeated, isSame, type Match, matches } from './exchange.ts';
import type { End, Fault } from './faults.ts';
import { type ConnectionRule, type Rule, Trap } from './rules.ts';

export interface RuleOptions {
  /** How many requests it takes; one if not said. */
  times?: number;
}

/** How the whole line is dead: nobody listens, everything is reset, or everything goes nowhere. */
export type Outage = 'refuse' | 'reset' | 'stall';

export interface Network {
  /** Where the device finds the server: `http://127.0.0.1:PORT`. */
  readonly address: string;
  /** Lays a fault for requests of one sort. */
  when(match: Match, fault: Fault, options?: RuleOptions): Rule;
  /** Lays a fault for new connections: ended, or never served, before a byte was read. */
  whenConnecting(end: End, options?: RuleOptions): ConnectionRule;
  /** The line is dead from now on, for open connections too, until `up`. */
  down(how: Outage): Promise<void>;
  /** The line works again; after a stall what was held arrives. Rules stay. */
  up(): Promise<void>;
  /** The line works, what rules hold is released, and there are no rules. */
  normal(): Promise<void>;
  /** The requests seen so far, in order of coming. */
  requests(match?: Match): Exchange[];
  /** Open connections. */
  readonly connections: number;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

/** Opens a network in front of the server at `address`. */
export async function openNetwork(address: string): Promise<Network> {
  const { hostname, port } = new URL(address);
  const line = new Line({ host: hostname, port: Number(port || 80) });
  await line.listen(0);
  return line;
}

class Line implements Network {
  private readonly server: { host: string; port: number };
  private readonly open = new Map<Socket, Connection | null>();
  private rules: Rule[] = [];
  private connectionRules: ConnectionRule[] = [];
  private readonly seen: Exchange[] = [];
  /** The requests that a fault has just ended and a browser may repeat. */
  private readonly repeatable: { exchange: Exchange; rule: Rule }[] = [];
  private outage: Outage | null = null;
  private listener: Server | null = null;
  private port = 0;
  private accepted = 0;

  constructor(server: { host: string; port: number }) {
    this.server = server;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get connections(): number {
    return this.open.size;
  }

  async listen(port: number): Promise<void> {
    const listener = createServer((socket) => this.accept(socket));
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(port, '127.0.0.1', resolve);
    });
    const bound = listener.address();
    if (bound === null || typeof bound === 'string') throw new Error('the network listens on no port');
    this.port = bound.port;
    this.listener = listener;
  }

  when(match: Match, fault: Fault, { times = 1 }: RuleOptions = {}): Rule {
    const rule: Rule = new Trap<Exchange, Fault>((exchange) => matches(match, exchange), fault, times);
    this.rules.push(rule);
    return rule;
  }

  whenConnecting(end: End, { times = 1 }: RuleOptions = {}): ConnectionRule {
    const rule: ConnectionRule = new Trap<{ connection: number }, End>(() => true, end, times);
    this.connectionRules.push(rule);
    return rule;
  }

  async down(how: Outage): Promise<void> {
    this.outage = how;
    if (how === 'stall') {
      for (const connection of this.open.values()) connection?.hold();
      return;
    }
    if (how === 'refuse') this.stopListening();
    await this.endAll();
  }

  async up(): Promise<void> {
    this.outage = null;
    for (const connection of this.open.values()) connection?.resume();
    if (this.listener === null) await this.listenAgain();
  }

  async normal(): Promise<void> {
    const rules = [...this.rules, ...this.connectionRules];
    this.rules = [];
    this.connectionRules = [];
    this.repeatable.length = 0;
    for (const rule of rules) rule.lift();
    for (const rule of rules) rule.release();
    await this.up();
  }

  requests(match: Match = () => true): Exchange[] {
    return this.seen.filter((exchange) => matches(match, exchange));
  }

  async close(): Promise<void> {
    this.stopListening();
    await this.endAll();
  }

  private accept(socket: Socket): void {
    this.accepted += 1;
    const connection = this.accepted;
    socket.setNoDelay(true);
    this.open.set(socket, null);
    socket.on('close', () => this.open.delete(socket));
    const rule = this.connectionRules.find((one) => one.takes({ connection }));
    if (this.outage === 'reset' || rule?.what === 'reset') endBare(socket, 'reset');
    else if (rule?.what === 'close') endBare(socket, 'close');
    else {
      const served = this.serve(socket, connection);
      if (this.outage === 'stall' || rule?.what === 'stall') served.hold();
      if (rule?.what === 'stall') rule.holds(() => served.resume());
    }
    rule?.hit({ connection });
  }

  private serve(socket: Socket, number: number): Connection {
    const connection = new Connection(socket, number, this.server, {
      request: (exchange) => {
        this.seen.push(exchange);
        return this.ruleOfRepeated(exchange) ?? this.rules.find((rule) => rule.takes(exchange)) ?? null;
      },
      ended: (exchange, rule, how) => {
        if (isRepeated(exchange, how)) this.repeatable.push({ exchange, rule });
      },
    });
    this.open.set(socket, connection);
    return connection;
  }

  private ruleOfRepeated(exchange: Exchange): Rule | null {
    const at = this.repeatable.findIndex((one) => isSame(one.exchange, exchange));
    const ended = at === -1 ? undefined : this.repeatable.splice(at, 1)[0];
    exchange.repetition = ended !== undefined;
    return ended?.rule ?? null;
  }

  private async endAll(): Promise<void> {
    const ends = [...this.open].map(([socket, connection]) => {
      const closed = new Promise((resolve) => socket.once('close', resolve));
      if (connection === null) endBare(socket, 'reset');
      else connection.reset();
      return closed;
    });
    await Promise.all(ends);
  }

  private stopListening(): void {
    const listener = this.listener;
    this.listener = null;
    if (listener === null) return;
    // It listens no more from here on; only its callback waits for connections that are still open.
    listener.close();
  }

  private async listenAgain(): Promise<void> {
    // A port of ours may for a moment be some other program's, as the near end of a connection.
    for (let attempt = 1; ; attempt++) {
      try {
        await this.listen(this.port);
        return;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') || attempt === 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }
}

function endBare(socket: Socket, how: 'reset' | 'close'): void {
  socket.on('error', () => socket.destroy());
  if (how === 'reset') socket.resetAndDestroy();
  else socket.destroySoon();
}
