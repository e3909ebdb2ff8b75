import type { IncomingMessage } from 'node:http';
import { printable } from '../../common/printable.js';
import type { HttpRefusal } from './refusal.js';

/** Media types of Thrift messages: that of all clients, those that name the protocol, and bytes of an unknown kind. */
const TYPES = /^application\/(?:x-thrift|vnd\.apache\.thrift\.\w+|octet-stream)(?:\s*;|$)/i;

/**
 * Returns why a request cannot bring a message, by its method and headers. Undefined for a request
 * whose body is to be read.
 */
export function requestFault(request: IncomingMessage, maxBodyBytes: number): HttpRefusal | undefined {
  return methodFault(request) ?? typeFault(request) ?? lengthFault(request, maxBodyBytes);
}

function methodFault({ method }: IncomingMessage): HttpRefusal | undefined {
  if (method === 'POST') return undefined;
  return { status: 405, text: 'Thrift calls come as POST', headers: { allow: 'POST' } };
}

/** A browser sends requests without a type, and some other types, for any site without asking the server. */
function typeFault({ headers }: IncomingMessage): HttpRefusal | undefined {
  const type = headers['content-type'];
  if (type === undefined || !TYPES.test(type)) {
    const given = type === undefined ? 'and there is none' : `not ${printable(type, 64)}`;
    return { status: 415, text: `the content type must be application/x-thrift, ${given}` };
  }
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return undefined;
  return {
    status: 415,
    text: `the content encoding ${printable(encoding, 32)} is not supported; send the body as it is`,
  };
}

function lengthFault({ headers }: IncomingMessage, maxBodyBytes: number): HttpRefusal | undefined {
  const { 'content-length': length, 'transfer-encoding': coding } = headers;
  if (coding !== undefined) return codingFault(coding);
  if (length === undefined) {
    return { status: 411, text: 'the request has no body; send a Thrift message with its Content-Length' };
  }
  return Number(length) > maxBodyBytes ? bodyTooLarge(maxBodyBytes) : undefined;
}

/** Node removes the coding `chunked` alone. A body in another coding would look like a message (RFC 9112, 6.1). */
function codingFault(coding: string): HttpRefusal | undefined {
  if (coding.trim().toLowerCase() === 'chunked') return undefined;
  return { status: 501, text: `the transfer encoding ${printable(coding, 32)} is not supported; send chunked alone` };
}

/** Refuses a body that is larger than the limit. */
export function bodyTooLarge(maxBodyBytes: number): HttpRefusal {
  return { status: 413, text: `a body has at most ${maxBodyBytes} bytes here (maxBodyBytes)` };
}

/**
 * Returns the path of a request below the place where a listener is mounted, without its query.
 * Express and Fastify remove the path of the place.
 */
export function pathOf({ url = '/' }: IncomingMessage): string {
  const path = url.replace(/[?#].*$/s, '');
  return path.length > 1 ? path.replace(/\/$/, '') : '/';
}
