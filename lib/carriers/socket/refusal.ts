/** Reasons to refuse a connection: its bytes have no boundaries that a server could know. */
export type RefusalReason =
  | 'http'
  | 'tls'
  | 'zlib'
  | 'theader'
  | 'frame-length'
  | 'message-length'
  | 'garbage'
  | 'broken-message'
  | 'incomplete'
  | 'too-much-incomplete'
  | 'unread-answers'
  | 'tls-handshake';

/** Refuses a connection, with a text that says what to change at the sender or here. */
export class Refusal extends Error {
  constructor(
    readonly reason: RefusalReason,
    message: string,
  ) {
    super(message);
  }
}

/** First four bytes of HTTP requests, and of the preface of HTTP/2. */
const HTTP: ReadonlySet<string> = new Set([
  'GET ',
  'POST',
  'PUT ',
  'HEAD',
  'DELE',
  'OPTI',
  'PATC',
  'CONN',
  'TRAC',
  'PRI ',
]);

/** Second bytes of zlib streams with a window of 32 KiB, by level (RFC 1950 §2.2). */
const ZLIB: ReadonlySet<number> = new Set([0x01, 0x5e, 0x9c, 0xda]);

/** First bytes of a TLS record with a handshake (RFC 8446 §5.1). */
const TLS_HANDSHAKE = 0x16;
const TLS_MAJOR = 3;

/**
 * Refuses bytes that begin neither a message nor a frame of acceptable length. Names what they are.
 *
 * @param word first four bytes of a message
 */
export function refusedStart(word: Buffer, maxFrameBytes: number): Refusal {
  if (HTTP.has(word.toString('latin1'))) {
    return new Refusal('http', 'it speaks HTTP; send HTTP clients to ServerThriftHttp, or use TSocket in the client');
  }
  if (word[0] === TLS_HANDSHAKE && word[1] === TLS_MAJOR) {
    return new Refusal(
      'tls',
      'it speaks TLS, and this port does not; set tlsOptions here, or use TSocket in the client',
    );
  }
  if (word[0] === 0x78 && ZLIB.has(word[1]!)) {
    return new Refusal(
      'zlib',
      'it sends zlib, in which no message ends visibly; use TFramedTransport in place of TZlibTransport',
    );
  }
  return refusedLength(word, maxFrameBytes);
}

/** Refuses the length of a frame. Text in its place is no frame at all. */
export function refusedLength(word: Buffer, maxFrameBytes: number): Refusal {
  const length = word.readInt32BE();
  if (length < 0 || isText(word)) {
    const hex = word.toString('hex');
    return new Refusal(
      'garbage',
      `0x${hex} begins neither a message nor a frame; use TBinaryProtocol, TCompactProtocol or TJSONProtocol, ` +
        'with TFramedTransport or TBufferedTransport',
    );
  }
  return new Refusal(
    'frame-length',
    `it announces a frame of ${length} bytes, and maxFrameBytes is ${maxFrameBytes}; send less, or raise maxFrameBytes`,
  );
}

function isText(word: Buffer): boolean {
  return word.every((byte) => byte >= 0x20 && byte < 0x7f);
}

/** Refuses THeader, inside of a frame. */
export function refusedHeader(): Refusal {
  return new Refusal('theader', 'it sends THeader; use TBinaryProtocol or TCompactProtocol with TFramedTransport');
}

/** Refuses a message without a frame that is too long, or declares that it will be. */
export function refusedMessage(bytes: number, maxFrameBytes: number): Refusal {
  return new Refusal(
    'message-length',
    `its message takes ${bytes} bytes or more, and maxFrameBytes is ${maxFrameBytes}; send less, or raise maxFrameBytes`,
  );
}

/** Refuses a message without a frame, whose end cannot be known. */
export function refusedBroken(detail: string): Refusal {
  return new Refusal(
    'broken-message',
    `its message is broken (${detail}), so its end is unknown; use TFramedTransport`,
  );
}
