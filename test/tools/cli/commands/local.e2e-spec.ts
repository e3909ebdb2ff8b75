import { afterEach, describe, expect, it } from '@jest/globals';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { freePort } from '../../../free-port.js';
import { CommandLine, IN_SHELL, type Running } from '../harness.js';
import { IDL } from '../bodies.js';

const line = CommandLine.withoutSqs(process.cwd());
const SEND = ['send', 'startBackup', '{"request":{"id":"b1","userId":"alice","requestedAt":0}}', ...IDL];

const KEYS = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };

async function listening(): Promise<Server> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const servers: Running[] = [];
const begin = (args: readonly string[]): Running => {
  const server = line.begin(args);
  servers.push(server);
  return server;
};
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.kill('SIGKILL');
    await server.ended;
  }
});

describe('local', () => {
  it('creates the queues of the IDL, prints the variables that applications need, and shows what it receives', async () => {
    const server = begin(['local', ...IDL, '--queue', 'backup', '--port', '0']);
    const started = await server.printed('Ctrl-C ends it.');
    expect(started).toContain('created backup, with dead-letter queue backup-dlq after 5 receives\n');
    const env = Object.fromEntries(
      [...started.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]),
    );
    expect(Object.keys(env)).toEqual([
      'AWS_ENDPOINT_URL_SQS',
      'AWS_ENDPOINT_URL_SNS',
      'AWS_ENDPOINT_URL_S3',
      'AWS_REGION',
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
    ]);
    const sent = await line.run([...SEND, '--queue', 'backup'], { env });
    expect(sent).toMatchObject({ status: 0, stderr: '' });
    const shown = await server.printed('BackupQueue.startBackup');
    expect(shown).toMatch(
      /\d\d:\d\d:\d\d backup BackupQueue\.startBackup \{"request":\{"id":"b1","userId":"alice","requestedAt":0\}\}\n/,
    );
    server.kill('SIGINT');
    expect((await server.ended).status).toBe(0);
  });

  it('ends in order when the reader of its output is gone', async () => {
    const port = await freePort();
    const command = `${IN_SHELL} local --queue backup --port ${port} | head -1; echo "ended \${PIPESTATUS[0]}"`;
    const reader = line.shell(command);
    servers.push(reader);
    await reader.printed('created backup');
    // The server writes to nobody now: the rest of its first lines, or the line of a message.
    await line.run([...SEND, '--queue', 'backup', '--endpoint', `http://127.0.0.1:${port}`], { env: KEYS });
    const { stdout, stderr } = await reader.ended;
    expect({ stdout, stderr }).toEqual({
      stdout: 'created backup, with dead-letter queue backup-dlq after 5 receives\nended 0',
      stderr: '',
    });
  });

  it('says that its port is in use, and what to do', async () => {
    const other = await listening();
    const { port } = other.address() as AddressInfo;
    const { status, stderr } = await line.run(['local', '--queue', 'q', '--port', String(port)]);
    other.close();
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `port ${port} is in use; end the program that uses it, or choose another with --port`,
    });
  });
});
