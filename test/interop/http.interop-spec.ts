import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Controller, Module } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { loadService, ThriftFactory } from 'nestjs-sqs-thrift';
import { ClientThriftHttp, ServerThriftHttp } from 'nestjs-sqs-thrift/http';
import { lastValueFrom } from 'rxjs';
import { thriftCompiler } from '../../sample/05-other-languages/peer.js';
import { describeReady } from './describe-ready.js';
import { whatIsMissing } from './python-peer.js';

const PROGRAMS = resolve('test/interop/python');
const service = loadService('idl/backup.thrift', 'BackupQueue');

describeReady('Python over HTTP', whatIsMissing(), () => {
  const generated = mkdtempSync(join(tmpdir(), 'generated-python-'));
  const children: ChildProcess[] = [];

  /** Starts a program, and returns its lines as they come. */
  function lines(script: string, ...args: readonly string[]): AsyncIterator<string> {
    const env = { ...process.env, PYTHONPATH: generated, PYTHONDONTWRITEBYTECODE: '1' };
    const child = spawn(resolve('build/python/bin/python'), [join(PROGRAMS, script), ...args], { env });
    children.push(child);
    return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  async function take(from: AsyncIterator<string>, count: number): Promise<string[]> {
    const taken: string[] = [];
    while (taken.length < count) taken.push(String((await from.next()).value));
    return taken;
  }

  beforeAll(() => void execFileSync(thriftCompiler(), ['-r', '--gen', 'py', '-out', generated, 'idl/backup.thrift']));
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(generated, { recursive: true, force: true });
  });

  it.each(['binary', 'compact', 'json'])('posts calls to ServerThriftHttp, in %s', async (protocol) => {
    const seen: string[] = [];
    @Controller()
    class BackupController {
      @EventPattern<string>('startBackup')
      start(@Payload() { request }: { request: { id: string } }): void {
        seen.push(request.id);
      }
    }
    @Module({ controllers: [BackupController] })
    class WorkerModule {}
    const server = new ServerThriftHttp({ port: 0, host: '127.0.0.1', path: '/thrift', service });
    const app = await ThriftFactory.createMicroservice(WorkerModule, server, { logger: false });
    await app.listen();
    const url = `http://127.0.0.1:${server.address!.port}/thrift`;
    expect(await take(lines('http_client.py', url, protocol, '3'), 3)).toEqual(['200', '200', '200']);
    await app.close();
    expect(seen.sort()).toEqual(['b-0', 'b-1', 'b-2']);
  });

  it("serves calls of ClientThriftHttp with Apache's THttpServer", async () => {
    const output = lines('http_server.py');
    const [port] = await take(output, 1);
    const client = new ClientThriftHttp({ url: `http://127.0.0.1:${port}/`, service });
    await client.connect();
    for (const id of ['b-1', 'b-2']) {
      await lastValueFrom(client.emit('startBackup', { request: { id, userId: 'alice', requestedAt: 0 } }));
    }
    expect(await take(output, 2)).toEqual(['b-1', 'b-2']);
    await client.close();
  });
});
