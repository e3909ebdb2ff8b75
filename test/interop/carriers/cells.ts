import { PROTOCOLS } from '../../vectors/protocols.js';
import type { Cell, Language } from '../matrix/cells.js';
import type { ProgramLanguage } from '../matrix/program.js';

/** One transport of one language towards Nest, or from Nest, in one protocol. */
export interface CarrierCell extends Cell {
  readonly transport: string;
}

/** Clients of the official runtimes. `http5` is Java's client on Apache HttpClient 5. */
export const CLIENTS: Readonly<Record<ProgramLanguage, readonly string[]>> = {
  python: ['raw', 'buffered', 'framed', 'tls', 'http'],
  java: ['raw', 'framed', 'fastframed', 'tls', 'http', 'http5'],
  go: ['raw', 'buffered', 'framed', 'tls', 'http'],
};

/** Servers of the official runtimes: TThreadedServer, TThreadPoolServer, TSimpleServer, and those that the names give. */
const SERVERS: Readonly<Record<ProgramLanguage, readonly string[]>> = {
  python: ['unframed', 'framed', 'tls', 'http'],
  java: ['unframed', 'framed', 'nonblocking', 'tls', 'http'],
  go: ['unframed', 'framed', 'tls', 'http'],
};

/** All cells of these languages. Each has one program on an official runtime, and Nest on the other side. */
export function carrierCells(languages: readonly ProgramLanguage[]): readonly CarrierCell[] {
  return languages.flatMap((language) => [
    ...CLIENTS[language].flatMap((transport) => cellsOf(language, 'nest', transport)),
    ...SERVERS[language].flatMap((transport) => cellsOf('nest', language, transport)),
  ]);
}

function cellsOf(producer: Language, consumer: Language, transport: string): readonly CarrierCell[] {
  return PROTOCOLS.map((protocol) => ({
    producer,
    consumer,
    protocol,
    packing: 'single',
    transport,
    queue: `${producer}-${consumer}-${transport}-${protocol}`,
  }));
}

/** True if a transport carries calls as requests of HTTP. */
export const isHttp = ({ transport }: CarrierCell): boolean => transport.startsWith('http');

/** Transports of sockets without a length in front of each call. */
const UNFRAMED = new Set(['raw', 'buffered', 'unframed']);

/** True if the calls of a cell follow each other in a stream without frames. */
export const isUnframed = ({ transport }: CarrierCell): boolean => UNFRAMED.has(transport);
