import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSqsFake, type SqsFake } from '../../fakes/sqs/sqs-fake.js';

const FIXTURES = join('test', 'carriers', 'socket', 'fixtures');
const AUTHORITY = join(FIXTURES, 'ca.pem');
const pem = (name: string): Buffer => readFileSync(join(FIXTURES, name));

/** Ends TLS in front of a fake, with a certificate that no machine trusts. */
async function startTlsProxy(fake: SqsFake): Promise<{ port: number; names: unknown[]; close(): Promise<void> }> {
  const names: unknown[] = [];
  const open = new Set<TLSSocket>();
  const server = createServer({ cert: pem('server.pem'), key: pem('server.key.pem') }, (socket) => {
    names.push((socket as TLSSocket & { readonly servername: unknown }).servername);
    open.add(socket);
    const inner = connect(Number(new URL(fake.endpoint).port), '127.0.0.1');
    for (const [from, to] of [
      [socket, inner],
      [inner, socket],
    ] as const) {
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  server.on('tlsClientError', () => undefined);
  await once(server.listen(0), 'listening');
  const close = async (): Promise<void> => {
    for (const socket of open) socket.destroy();
    await once(server.close(), 'close');
  };
  return { port: (server.address() as AddressInfo).port, names, close };
}

describe.each(['lean', 'sdk'])('a private endpoint with TLS, over the data path %s', (dataPath) => {
  let fake: SqsFake;
  let proxy: Awaited<ReturnType<typeof startTlsProxy>>;
  beforeEach(async () => {
    fake = await startSqsFake();
    fake.createQueue('backup');
    proxy = await startTlsProxy(fake);
  });
  afterEach(async () => {
    await proxy.close();
    await fake.stop();
  });

  /** Runs a program, by default a client that emits one call, and returns its output. */
  async function run(settings: Readonly<Record<string, string>>, program = 'smallest-client'): Promise<string> {
    const env = {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL_SQS: `https://localhost:${proxy.port}`,
      AWS_REGION: fake.region,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      NESTJS_SQS_THRIFT_DATA_PATH: dataPath,
      ...settings,
    };
    const child = spawn(process.execPath, [join('build', 'test', 'programs', `${program}.js`)], { env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += String(text)));
    await once(child, 'close');
    return output;
  }

  it('works with its authority in NODE_EXTRA_CA_CERTS, by the name of the host, over few connections', async () => {
    await run({ NODE_EXTRA_CA_CERTS: AUTHORITY });
    expect(fake.stored('backup')).toHaveLength(1);
    expect(new Set(proxy.names)).toEqual(new Set(['localhost']));
    expect(proxy.names.length).toBeLessThanOrEqual(2);
  });

  it('keeps its connections: twenty requests one after another need three at most', async () => {
    expect(await run({ NODE_EXTRA_CA_CERTS: AUTHORITY }, 'steady-sender')).toBe('');
    expect(fake.log.count('SendMessageBatch').requests).toBe(20);
    // One opens the queue. A connection of undici is free a turn after its answer, so two take turns.
    expect(proxy.names.length).toBeLessThanOrEqual(3);
  });

  it('is refused without its authority, with an error that says what to check', async () => {
    expect(await run({})).toMatch(/the TLS connection to .+ failed.+NODE_EXTRA_CA_CERTS/);
    expect(fake.stored('backup')).toHaveLength(0);
  });
});
