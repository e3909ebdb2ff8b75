import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { Module } from '@nestjs/common';
import { type BaseThriftClient, ThriftFactory } from 'nestjs-sqs-thrift';
import { ClientThriftHttp, ServerThriftHttp } from 'nestjs-sqs-thrift/http';
import type { SettledEvent } from 'nestjs-sqs-thrift/port';
import { ClientThriftSocket, ServerThriftSocket } from 'nestjs-sqs-thrift/socket';
import { lastValueFrom } from 'rxjs';
import type { Call } from '../matrix/calls.js';
import { service } from '../matrix/contract.js';
import type { Received } from '../matrix/judge.js';
import { controllerOf } from '../matrix/nest-controller.js';
import { type CarrierCell, isHttp, isUnframed } from './cells.js';
import type { TlsFiles } from './tls-files.js';

const HOST = '127.0.0.1';

/** An application of Nest whose handlers note their calls. */
export interface NestServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts the server of a cell. */
export async function startNestServer(
  cell: CarrierCell,
  tls: TlsFiles,
  receive: (one: Received) => void,
): Promise<NestServer> {
  const { queue } = cell;
  const strategy = strategyOf(cell, tls);
  strategy.on('settled', (event) => {
    if (event.outcome !== 'ack') receive({ queue, body: event.messageId, error: explain(event) });
  });

  @Module({ controllers: [controllerOf((note) => receive({ queue, ...note }))] })
  class CellModule {}

  const app = await ThriftFactory.createMicroservice(CellModule, strategy, { logger: false });
  await app.listen();
  return { port: portOf(strategy), close: () => app.close() };
}

function portOf(strategy: ServerThriftSocket | ServerThriftHttp): number {
  return strategy.address!.port;
}

function strategyOf(cell: CarrierCell, tls: TlsFiles): ServerThriftSocket | ServerThriftHttp {
  const options = { host: HOST, port: 0, service, onUnhandledMethod: 'fail' } as const;
  if (isHttp(cell)) return new ServerThriftHttp({ ...options, path: '/thrift' });
  if (cell.transport !== 'tls') return new ServerThriftSocket(options);
  return new ServerThriftSocket({
    ...options,
    tlsOptions: { ...certificates(tls), requestCert: true, rejectUnauthorized: true },
  });
}

function certificates({ certificate, key }: TlsFiles): { cert: Buffer; key: Buffer; ca: Buffer } {
  const cert = readFileSync(certificate);
  return { cert, key: readFileSync(key), ca: cert };
}

/** What Nest sends in a cell. */
export interface Emission {
  readonly cell: CarrierCell;
  readonly port: number;
  readonly tls: TlsFiles;
  readonly calls: readonly Call[];
  readonly connections: readonly (readonly number[])[];
}

/** Emits the calls of a cell, those of one list with one client. Notes each that is not taken. */
export async function emitAll(emission: Emission, receive: (one: Received) => void): Promise<void> {
  const { cell, calls, connections } = emission;
  for (const positions of connections) {
    const client = clientOf(emission);
    const emits = positions.map(async (position) => {
      const { method, args } = calls[position]!;
      try {
        await lastValueFrom(client.emit(method, args));
      } catch (error) {
        receive({ queue: cell.queue, body: position, error: `not sent: ${String(error)}` });
      }
    });
    await Promise.all(emits);
    await client.close();
  }
}

function clientOf({ cell, port, tls }: Emission): BaseThriftClient {
  const { protocol, transport } = cell;
  // Sends nothing twice, so that each call can be counted.
  const maxAttempts = 1;
  if (isHttp(cell))
    return new ClientThriftHttp({ url: `http://${HOST}:${port}/thrift`, service, protocol, maxAttempts });
  return new ClientThriftSocket({
    host: HOST,
    port,
    service,
    protocol,
    maxAttempts,
    framed: !isUnframed(cell),
    ...(transport === 'tls' && { tlsOptions: certificates(tls) }),
  });
}

function explain({ outcome, reason, detail, error }: SettledEvent): string {
  return `${outcome}: ${reason ?? String(error)}: ${detail ?? ''}`;
}
