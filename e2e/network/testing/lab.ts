import { afterEach, beforeEach, expect } from 'vitest';
import { type Network, openNetwork } from '../network.ts';
import { type EchoServer, startEchoServer } from './echo-server.ts';
import { RawClient } from './raw-client.ts';

/** A server, a network in front of it, and devices: new ones for each test. */
export interface Lab {
  server: EchoServer;
  network: Network;
  device(address?: string): RawClient;
}

/** Sets up a lab around each test of a file, and checks that no connection is left behind. */
export function openLab(): Lab {
  const clients: RawClient[] = [];
  const lab = {
    device(address = lab.network.address) {
      const client = new RawClient(address);
      clients.push(client);
      return client;
    },
  } as Lab;

  beforeEach(async () => {
    lab.server = await startEchoServer();
    lab.network = await openNetwork(lab.server.address);
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await lab.network.close();
    expect(lab.network.connections).toBe(0);
    await lab.server.stop();
  });

  return lab;
}
