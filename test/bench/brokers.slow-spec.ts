import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { afterAll, describe, expect, it } from '@jest/globals';
import { findProgram, freePorts, startServer } from '../../bench/brokers/broker-process.js';
import { type BrokerName, missingBroker, startBroker } from '../../bench/brokers/brokers.js';

const NAMES: readonly BrokerName[] = ['nats', 'redis', 'rabbitmq'];
const installed = NAMES.filter((name) => missingBroker(name) === undefined);

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('the brokers of the benchmarks', () => {
  const empty = mkdtempSync(`${tmpdir()}/no-programs-`);
  afterAll(() => rmSync(empty, { recursive: true }));

  it('names the Debian package of a broker that is missing', () => {
    expect(NAMES.map((name) => missingBroker(name, [empty]))).toEqual([
      'nats: skipped, because nats-server is not installed (apt-get install nats-server)',
      'redis: skipped, because redis-server is not installed (apt-get install redis-server)',
      'rabbitmq: skipped, because rabbitmq-server is not installed (apt-get install rabbitmq-server)',
    ]);
  });

  it('finds a program in the given folders', () => {
    expect(findProgram('sh', [empty, '/bin'])).toBe('/bin/sh');
    expect(findProgram('sh', [empty])).toBeUndefined();
  });

  it('gives different free ports', async () => {
    const ports = await freePorts(3);
    expect(new Set(ports).size).toBe(3);
  });

  it('reports the output of a server that ends before it is ready', async () => {
    const args = ['-e', 'console.error("the port is taken")'];
    const starting = startServer({ program: process.execPath, args, cwd: empty, ready: 'listening' });
    await expect(starting).rejects.toThrow(/ended:\nthe port is taken/);
  });

  it('ends a server that is ready', async () => {
    const args = ['-e', 'setInterval(() => {}, 1000); console.log("listening")'];
    const server = await startServer({ program: process.execPath, args, cwd: empty, ready: 'listening' });
    expect(isRunning(server.pid)).toBe(true);
    await server.stop();
    expect(isRunning(server.pid)).toBe(false);
  });

  // A machine without the programs has nothing to start.
  for (const name of installed) {
    it(`starts ${name} on the loopback interface, and ends it`, async () => {
      const broker = await startBroker(name);
      const socket = connect({ host: broker.host, port: broker.port });
      await once(socket, 'connect');
      socket.destroy();
      await broker.stop();
      expect(isRunning(broker.pid)).toBe(false);
    }, 60_000);
  }
});
